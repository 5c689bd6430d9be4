package workload.proc_mount_test

import data.lib.testing
import data.workload.proc_mount.deny
import data.workload.proc_mount.observations
import rego.v1

setting(value) := {"securityContext": {"procMount": value}}

with_users(version, host_users, value) := testing.at(version, [testing.deployment({
	"hostUsers": host_users,
	"containers": [testing.named("main", setting(value))],
})])

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

test_a_user_namespace_allows_it_from_1_35_on if {
	testing.verdicts(observations) == {[path, true]} with input as with_users("1.35", false, "Unmasked")
	testing.verdicts(observations) == {[path, false]} with input as with_users("1.34", false, "Unmasked")
	testing.verdicts(observations) == {[path, false]} with input as with_users("1.35", true, "Unmasked")
	testing.verdicts(observations) == {[path, false]} with input as with_users("1.35", null, "Unmasked")
}

test_without_a_version_nothing_is_judged if {
	every version in [null, "1.24", "2.1", "latest", "1.x", 1.3] {
		messages := {seen.message | some seen in deny} with input as testing.at(version, [testing.deployment({})])
		messages == {concat(" ", [
			"the pod template cannot be judged: the parameter kubernetes_version is missing or is no text that names",
			"a version from 1.25 on",
		])}
	}
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.procMount", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.procMount", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.procMount", false],
	} with input as testing.containers_everywhere(setting("Unmasked"))
}
