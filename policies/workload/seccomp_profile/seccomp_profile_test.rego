package workload.seccomp_profile_test

import data.lib.testing
import data.workload.seccomp_profile.deny
import data.workload.seccomp_profile.observations
import rego.v1

pod(pod_context, container_context) := testing.given([testing.deployment({
	"securityContext": pod_context,
	"containers": [{"name": "main", "securityContext": container_context}],
})])

profile(type) := {"seccompProfile": {"type": type}}

of_pod := "spec.template.spec.securityContext.seccompProfile.type"

of_container := "spec.template.spec.containers[0].securityContext.seccompProfile.type"

test_the_pods_profile_holds_for_its_containers if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": of_pod,
		"value": "RuntimeDefault",
		"expected": "RuntimeDefault or Localhost",
		"holds": true,
		"message": "container \"main\" sets securityContext.seccompProfile.type to RuntimeDefault",
	}} with input as pod(profile("RuntimeDefault"), {})
}

test_the_containers_own_profile_holds if {
	testing.verdicts(observations) == {[of_container, true]} with input as pod({}, profile("Localhost"))
}

test_no_filter_is_denied if {
	{seen.path | some seen in deny} == {of_container} with input as pod(profile("RuntimeDefault"), profile("Unconfined"))
	{seen.path | some seen in deny} == {of_container} with input as pod({}, {})
}

test_a_wrong_profile_of_the_pod_is_denied_though_the_container_overrides_it if {
	{seen.path | some seen in deny} == {of_pod} with input as pod(profile("Unconfined"), profile("RuntimeDefault"))
}

test_what_is_no_profile_fails if {
	{seen.path | some seen in deny} == {of_container} with input as pod({}, {"seccompProfile": "RuntimeDefault"})
	{seen.path | some seen in deny} == {of_container} with input as pod({}, {"seccompProfile": {}})
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.seccompProfile.type", false],
		["spec.template.spec.containers[0].securityContext.seccompProfile.type", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.seccompProfile.type", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.seccompProfile.type", false],
	} with input as testing.containers_everywhere({"securityContext": {"seccompProfile": {"type": "Unconfined"}}})
}

running_on(os) := testing.given([testing.deployment({
	"os": {"name": os},
	"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	"containers": [testing.named("main", {"securityContext": {}})],
})])

test_only_a_windows_pod_is_exempt if {
	deny == set() with input as running_on("windows")
	count(observations) > 0 with input as running_on("windows")
	count(deny) > 0 with input as running_on("linux")
}
