package workload.masked_proc_test

import data.lib.testing
import data.workload.masked_proc.deny
import data.workload.masked_proc.observations
import rego.v1

setting(value) := {"securityContext": {"procMount": value}}

path := "spec.template.spec.containers[0].securityContext.procMount"

test_the_default_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers",
		"value": null,
		"expected": "Default",
		"holds": true,
		"message": "the pod template masks /proc for its containers as by default",
	}} with input as testing.container(setting(null))
	testing.verdicts(observations) == {[path, true]} with input as testing.container(setting("Default"))
}

test_anything_else_is_denied if {
	every value in ["Unmasked", "", true] {
		{[seen.path, seen.value] | some seen in deny} == {[path, value]} with input as testing.container(setting(value))
	}
}

test_a_user_namespace_allows_nothing if {
	testing.verdicts(observations) == {[path, false]} with input as testing.at("1.37", [testing.deployment({
		"hostUsers": false,
		"containers": [testing.named("main", setting("Unmasked"))],
	})])
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.procMount", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.procMount", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.procMount", false],
	} with input as testing.containers_everywhere(setting("Unmasked"))
}
