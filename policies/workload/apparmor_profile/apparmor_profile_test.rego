package workload.apparmor_profile_test

import data.lib.testing
import data.workload.apparmor_profile.deny
import data.workload.apparmor_profile.observations
import rego.v1

profile(type) := {"appArmorProfile": {"type": type}}

test_naming_no_profile_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.securityContext",
		"value": null,
		"expected": "RuntimeDefault or Localhost",
		"holds": true,
		"message": "the pod template and its containers name no AppArmor profile",
	}} with input as testing.contexts({}, {"appArmorProfile": null})
}

test_profiles_that_confine_hold if {
	testing.verdicts(observations) == {
		["spec.template.spec.securityContext.appArmorProfile.type", true],
		["spec.template.spec.containers[0].securityContext.appArmorProfile.type", true],
	} with input as testing.contexts(profile("RuntimeDefault"), profile("Localhost"))
}

test_no_profile_is_denied_at_pod_and_container if {
	{[seen.path, seen.value] | some seen in deny} == {
		["spec.template.spec.securityContext.appArmorProfile.type", "Unconfined"],
		["spec.template.spec.containers[0].securityContext.appArmorProfile.type", "unconfined"],
	} with input as testing.contexts(profile("Unconfined"), profile("unconfined"))
}

test_what_is_no_profile_is_denied if {
	every wrong in ["RuntimeDefault", {}, {"type": 1}] {
		{seen.path | some seen in deny} == {
			"spec.template.spec.containers[0].securityContext.appArmorProfile.type",
		} with input as testing.contexts({}, {"appArmorProfile": wrong})
	}
}

annotated(profile) := testing.given([{
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "app", "annotations": {
		"other": "unconfined",
		"container.apparmor.security.beta.kubernetes.io/main": profile,
	}},
	"spec": {"containers": [{"name": "main"}]},
}])

test_annotations_are_looked_at_too if {
	every profile in ["", null, "runtime/default", "localhost/spicedb"] {
		testing.verdicts(observations) == {
			["metadata.annotations", true],
			["spec.securityContext", true],
		} with input as annotated(profile)
	}
	{seen.message | some seen in deny} == {
		"the pod names the AppArmor profile \"unconfined\" in an annotation",
	} with input as annotated("unconfined")
	{seen.path | some seen in deny} == {"metadata.annotations"} with input as annotated(1)
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.appArmorProfile.type", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.appArmorProfile.type", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.appArmorProfile.type", false],
	} with input as testing.containers_everywhere({"securityContext": profile("Unconfined")})
}
