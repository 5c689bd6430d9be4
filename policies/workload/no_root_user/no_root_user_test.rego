package workload.no_root_user_test

import data.lib.testing
import data.workload.no_root_user.deny
import data.workload.no_root_user.observations
import rego.v1

path := "spec.template.spec.containers[0].securityContext.runAsUser"

of_pod := "spec.template.spec.securityContext.runAsUser"

users(version, host_users) := testing.at(version, [testing.deployment({
	"hostUsers": host_users,
	"containers": [testing.named("main", {"securityContext": {"runAsUser": 0}})],
})])

test_leaving_it_to_the_image_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.securityContext",
		"value": null,
		"expected": "a uid other than 0",
		"holds": true,
		"message": "the pod template and its containers leave the user to the image",
	}} with input as testing.contexts({}, {"runAsUser": null})
}

test_another_user_holds if {
	testing.verdicts(observations) == {[of_pod, true], [path, true]} with input as testing.contexts({"runAsUser": 1}, {"runAsUser": 2})
}

test_root_is_denied_at_the_pod_though_the_container_overrides_it if {
	{[seen.path, seen.value] | some seen in deny} == {[of_pod, 0]} with input as testing.contexts({"runAsUser": 0}, {"runAsUser": 1})
}

test_root_is_denied_however_it_is_written if {
	every uid in [0, "1", true, -1] {
		{seen.path | some seen in deny} == {path} with input as testing.contexts({}, {"runAsUser": uid})
	}
}

test_a_user_namespace_allows_it_from_1_35_on if {
	testing.verdicts(observations) == {[path, true]} with input as users("1.35", false)
	testing.verdicts(observations) == {[path, false]} with input as users("1.34", false)
	testing.verdicts(observations) == {[path, false]} with input as users("1.35", true)
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
		["spec.template.spec.initContainers[0].securityContext.runAsUser", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.runAsUser", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.runAsUser", false],
	} with input as testing.containers_everywhere({"securityContext": {"runAsUser": 0}})
}
