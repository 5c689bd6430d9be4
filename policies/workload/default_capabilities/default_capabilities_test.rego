package workload.default_capabilities_test

import data.lib.testing
import data.workload.default_capabilities.deny
import data.workload.default_capabilities.observations
import rego.v1

adding(value) := testing.container({"securityContext": {"capabilities": {"add": value}}})

add := "spec.template.spec.containers[0].securityContext.capabilities.add"

test_adding_nothing_holds if {
	every capabilities in [null, {}, {"drop": ["ALL"]}, {"add": null}] {
		observations == {{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers",
			"value": null,
			"expected": "only capabilities of the default set",
			"holds": true,
			"message": "the pod template adds no capability to its containers",
		}} with input as testing.contexts({}, {"capabilities": capabilities})
	}
}

test_capabilities_of_the_default_set_hold if {
	testing.verdicts(observations) == {[add, true]} with input as adding(["CHOWN", "NET_BIND_SERVICE"])
	testing.verdicts(observations) == {[add, true]} with input as adding([])
}

test_others_are_denied if {
	every added in [["SYS_ADMIN"], ["CHOWN", "ALL"], ["CAP_CHOWN"]] {
		{[seen.path, seen.value] | some seen in deny} == {[add, added]} with input as adding(added)
	}
}

test_what_is_no_list_is_denied if {
	{[seen.path, seen.value] | some seen in deny} == {[add, [null]]} with input as adding("CHOWN")
	{[seen.path, seen.value] | some seen in deny} == {[add, [null]]} with input as testing.contexts(
		{},
		{"capabilities": "CHOWN"},
	)
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.capabilities.add", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.capabilities.add", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.capabilities.add", false],
	} with input as testing.containers_everywhere({"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}})
}
