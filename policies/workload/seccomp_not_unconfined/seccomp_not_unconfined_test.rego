package workload.seccomp_not_unconfined_test

import data.lib.testing
import data.workload.seccomp_not_unconfined.deny
import data.workload.seccomp_not_unconfined.observations
import rego.v1

profile(type) := {"seccompProfile": {"type": type}}

test_naming_no_profile_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.securityContext",
		"value": null,
		"expected": "RuntimeDefault or Localhost",
		"holds": true,
		"message": "the pod template and its containers name no seccomp profile",
	}} with input as testing.contexts({}, {"seccompProfile": null})
}

test_profiles_that_filter_hold if {
	testing.verdicts(observations) == {
		["spec.template.spec.securityContext.seccompProfile.type", true],
		["spec.template.spec.containers[0].securityContext.seccompProfile.type", true],
	} with input as testing.contexts(profile("RuntimeDefault"), profile("Localhost"))
}

test_no_filter_is_denied_at_pod_and_container if {
	{[seen.path, seen.value] | some seen in deny} == {
		["spec.template.spec.securityContext.seccompProfile.type", "Unconfined"],
		["spec.template.spec.containers[0].securityContext.seccompProfile.type", ""],
	} with input as testing.contexts(profile("Unconfined"), profile(""))
}

test_what_is_no_profile_is_denied if {
	every wrong in ["RuntimeDefault", {}, {"type": 1}] {
		{seen.path | some seen in deny} == {
			"spec.template.spec.containers[0].securityContext.seccompProfile.type",
		} with input as testing.contexts({}, {"seccompProfile": wrong})
	}
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.seccompProfile.type", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.seccompProfile.type", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.seccompProfile.type", false],
	} with input as testing.containers_everywhere({"securityContext": profile("Unconfined")})
}
