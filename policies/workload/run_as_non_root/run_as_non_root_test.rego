package workload.run_as_non_root_test

import data.lib.testing
import data.workload.run_as_non_root.deny
import data.workload.run_as_non_root.observations
import rego.v1

pod(pod_context, container_context) := testing.given([testing.deployment({
	"securityContext": pod_context,
	"containers": [{"name": "main", "securityContext": container_context}],
})])

test_the_pods_setting_holds_for_its_containers if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.securityContext.runAsNonRoot",
			"value": true,
			"expected": true,
			"holds": true,
			"message": "container \"main\" sets securityContext.runAsNonRoot to true",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.securityContext.runAsUser",
			"value": 65532,
			"expected": "a uid other than 0",
			"holds": true,
			"message": "container \"main\" sets securityContext.runAsUser to 65532",
		},
	} with input as pod({"runAsNonRoot": true, "runAsUser": 65532}, {})
}

test_the_containers_own_setting_holds if {
	testing.verdicts(observations) == {["spec.template.spec.containers[0].securityContext.runAsNonRoot", true]} with input as pod(
		{},
		{"runAsNonRoot": true},
	)
}

test_the_containers_own_setting_counts_first if {
	{seen.path | some seen in deny} == {"spec.template.spec.containers[0].securityContext.runAsNonRoot"} with input as pod(
		{"runAsNonRoot": true},
		{"runAsNonRoot": false},
	)
}

test_a_wrong_setting_of_the_pod_is_denied_though_the_container_overrides_it if {
	{[seen.path, seen.expected] | some seen in deny} == {
		["spec.template.spec.securityContext.runAsNonRoot", true],
		["spec.template.spec.securityContext.runAsUser", "a uid other than 0"],
	} with input as pod({"runAsNonRoot": false, "runAsUser": 0}, {"runAsNonRoot": true, "runAsUser": 1})
}

test_root_is_denied_however_it_is_written if {
	every uid in [0, "1", true] {
		path := "spec.template.spec.containers[0].securityContext.runAsUser"
		{seen.path | some seen in deny} == {path} with input as pod({"runAsNonRoot": true}, {"runAsUser": uid})
	}
}

test_leaving_it_out_everywhere_fails if {
	{seen.message | some seen in deny} == {"container \"main\" does not set securityContext.runAsNonRoot"} with input as pod({}, {})
}

test_what_is_no_boolean_fails if {
	{seen.holds | some seen in observations} == {false} with input as pod({}, {"runAsNonRoot": "true"})
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.runAsNonRoot", false],
		["spec.template.spec.containers[0].securityContext.runAsNonRoot", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.runAsNonRoot", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.runAsNonRoot", false],
	} with input as testing.containers_everywhere({"securityContext": {"runAsNonRoot": false}})
}
