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
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.securityContext.runAsNonRoot",
		"value": true,
		"expected": true,
		"holds": true,
		"message": "container \"main\" sets securityContext.runAsNonRoot to true",
	}} with input as pod({"runAsNonRoot": true, "runAsUser": 0}, {})
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
	{[seen.path, seen.expected] | some seen in deny} == {[
		"spec.template.spec.securityContext.runAsNonRoot",
		true,
	]} with input as pod({"runAsNonRoot": false}, {"runAsNonRoot": true})
}

own_users(version, setting) := testing.at(version, [testing.deployment({
	"hostUsers": false,
	"securityContext": {"runAsNonRoot": setting},
	"containers": [{"name": "main"}],
})])

test_a_user_namespace_allows_root_from_1_35_on if {
	every setting in [null, false] {
		deny == set() with input as own_users("1.35", setting)
		count(deny) > 0 with input as own_users("1.34", setting)
	}
}

test_without_a_version_nothing_is_judged if {
	every version in [null, "1.24", "2.1", "latest", "1.x", 1.3] {
		messages := {seen.message | some seen in deny} with input as testing.at(version, [testing.deployment({})])
		count(messages) == 2
		concat(" ", [
			"the pod template cannot be judged: the parameter kubernetes_version is missing or is no text that names",
			"a version from 1.25 on",
		]) in messages
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
