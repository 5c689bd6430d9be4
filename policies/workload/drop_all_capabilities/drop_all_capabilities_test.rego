package workload.drop_all_capabilities_test

import data.lib.testing
import data.workload.drop_all_capabilities.deny
import data.workload.drop_all_capabilities.observations
import rego.v1

with_capabilities(value) := testing.container({"securityContext": {"capabilities": value}})

denied := {[seen.path, seen.value] | some seen in deny}

drop := "spec.template.spec.containers[0].securityContext.capabilities.drop"

add := "spec.template.spec.containers[0].securityContext.capabilities.add"

test_dropping_all_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": drop,
		"value": ["ALL"],
		"expected": ["ALL"],
		"holds": true,
		"message": "container \"main\" sets securityContext.capabilities.drop to [\"ALL\"]",
	}} with input as with_capabilities({"drop": ["ALL"]})
}

test_dropping_less_is_denied if {
	denied == {[drop, ["NET_RAW"]]} with input as with_capabilities({"drop": ["NET_RAW"]})
	denied == {[drop, "ALL"]} with input as with_capabilities({"drop": "ALL"})
	denied == {[drop, null]} with input as with_capabilities({})
	denied == {[drop, null]} with input as testing.container({})
}

test_only_binding_low_ports_may_be_added if {
	testing.verdicts(observations) == {[drop, true], [add, true]} with input as with_capabilities({
		"drop": ["ALL"],
		"add": ["NET_BIND_SERVICE"],
	})
	denied == {[add, ["NET_ADMIN"]]} with input as with_capabilities({"drop": ["ALL"], "add": ["NET_ADMIN"]})
	denied == {[add, "NET_ADMIN"]} with input as with_capabilities({"drop": ["ALL"], "add": "NET_ADMIN"})
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.capabilities.drop", false],
		["spec.template.spec.containers[0].securityContext.capabilities.drop", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.capabilities.drop", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.capabilities.drop", false],
	} with input as testing.containers_everywhere({"securityContext": {"capabilities": {"drop": []}}})
}

running_on(os) := testing.given([testing.deployment({
	"os": {"name": os},
	"securityContext": {},
	"containers": [testing.named("main", {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}})],
})])

test_only_a_windows_pod_is_exempt if {
	deny == set() with input as running_on("windows")
	count(observations) > 0 with input as running_on("windows")
	count(deny) > 0 with input as running_on("linux")
}
