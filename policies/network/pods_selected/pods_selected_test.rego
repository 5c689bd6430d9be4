package network.pods_selected_test

import data.lib.testing
import data.network.pods_selected.deny
import data.network.pods_selected.observations
import rego.v1

pod := testing.deployment({"containers": [{"name": "main"}]})

policy(namespace, spec) := object.union(
	testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": spec}),
	{"metadata": {"namespace": namespace}},
)

both := {"podSelector": {"matchLabels": {"app": "app"}}, "policyTypes": ["Ingress", "Egress"]}

denied(objects) := findings if {
	findings := {seen.expected | some seen in deny} with input as testing.given(array.concat([pod], objects))
}

neither := {"a NetworkPolicy for Ingress that selects the pod", "a NetworkPolicy for Egress that selects the pod"}

test_a_pod_that_is_selected_for_both_directions_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.metadata.labels",
			"value": ["limits"],
			"expected": "a NetworkPolicy for Ingress that selects the pod",
			"holds": true,
			"message": "the pod template is selected for Ingress by 1 NetworkPolicies",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.metadata.labels",
			"value": ["limits"],
			"expected": "a NetworkPolicy for Egress that selects the pod",
			"holds": true,
			"message": "the pod template is selected for Egress by 1 NetworkPolicies",
		},
	} with input as testing.given([pod, policy("here", both)])
}

test_two_policies_may_share_the_directions if {
	ingress := object.union(both, {"policyTypes": ["Ingress"]})
	egress := object.union(both, {"policyTypes": ["Egress"]})
	denied([policy("here", ingress), policy("here", egress)]) == set()
}

test_no_policy_is_denied if denied([]) == neither

test_a_policy_of_another_namespace_does_not_count if denied([policy("there", both)]) == neither

test_a_policy_that_selects_nothing_does_not_count if {
	expressions := {"matchExpressions": [{"key": "app", "operator": "In", "values": ["other"]}]}
	denied([policy("here", object.union(both, {"podSelector": expressions}))]) == neither
	denied([policy("here", {"podSelector": "text", "policyTypes": ["Ingress", "Egress"]})]) == neither
}

test_a_policy_for_ingress_alone_leaves_egress_open if {
	denied([policy("here", {"podSelector": {}, "ingress": []})]) == {"a NetworkPolicy for Egress that selects the pod"}
}

test_a_policy_of_another_project_does_not_count if {
	foreign := object.union(policy("here", both), {"apiVersion": "crd.projectcalico.org/v1"})
	denied([foreign]) == neither
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in deny} == {"spec.jobTemplate.spec.template.metadata.labels"} with input as testing.given([
		testing.cron_job({"containers": [{"name": "main"}]}),
	])
}

test_a_policy_for_one_pod_does_not_cover_another if {
	job := object.union(
		testing.job({"containers": [{"name": "main"}]}),
		{"spec": {"template": {"metadata": {"labels": {"app": "job"}}}}},
	)
	{seen.subject | some seen in deny} == {"batch/v1/Job/here/app"} with input as testing.given([
		pod,
		job,
		policy("here", both),
	])
}
