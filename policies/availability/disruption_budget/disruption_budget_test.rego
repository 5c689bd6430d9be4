package availability.disruption_budget_test

import data.availability.disruption_budget.deny
import data.availability.disruption_budget.observations
import data.lib.testing
import rego.v1

server(replicas) := object.union(
	testing.deployment({"containers": [testing.serving({}, {})]}),
	{"spec": {"replicas": replicas}},
)

budget(name, spec) := testing.object_of(
	"policy/v1",
	"PodDisruptionBudget",
	name,
	{"spec": object.union({"selector": {"matchLabels": {"app": "app"}}}, spec)},
)

denied(objects) := findings if {
	findings := {[seen.path, seen.value] | some seen in deny} with input as testing.given(objects)
}

test_one_budget_that_allows_an_eviction_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.replicas",
			"value": ["keep"],
			"expected": "exactly one PodDisruptionBudget",
			"holds": true,
			"message": "Deployment \"app\" has up to 3 replicas and is selected by 1 PodDisruptionBudgets",
		},
		{
			"subject": "policy/v1/PodDisruptionBudget/here/keep",
			"path": "spec",
			"value": {"maxUnavailable": 1},
			"expected": "a limit that allows an eviction",
			"holds": true,
			"message": "PodDisruptionBudget \"keep\" allows an eviction",
		},
		{
			"subject": "policy/v1/PodDisruptionBudget/here/keep",
			"path": "spec.selector",
			"value": [],
			"expected": "no pods of a Job",
			"holds": true,
			"message": "PodDisruptionBudget \"keep\" selects the pods of 0 Jobs",
		},
	} with input as testing.given([server(3), budget("keep", {"maxUnavailable": 1})])
}

test_no_budget_is_denied if {
	denied([server(2)]) == {["spec.replicas", []]}
	elsewhere := object.union(budget("keep", {"maxUnavailable": 1}), {"metadata": {"namespace": "there"}})
	denied([server(2), elsewhere]) == {["spec.replicas", []]}
	selecting_nothing := object.union(budget("keep", {"maxUnavailable": 1}), {"spec": {"selector": null}})
	denied([server(2), selecting_nothing]) == {["spec.replicas", []]}
}

test_two_budgets_for_one_pod_are_denied if {
	denied([server(2), budget("a", {"maxUnavailable": 1}), budget("b", {"maxUnavailable": 1})]) == {["spec.replicas", ["a", "b"]]}
}

test_one_pod_needs_no_budget if {
	observations == set() with input as testing.given([server(1)])
	observations == set() with input as testing.given([server(null)])
}

test_limits_that_allow_an_eviction if {
	every spec in [
		{"maxUnavailable": "25%"},
		{"minAvailable": 2},
		{"minAvailable": "50%"},
		{"minAvailable": "66%"},
		{"minAvailable": 1, "maxUnavailable": null},
	] {
		denied([server(3), budget("keep", spec)]) == set()
	}
}

test_limits_that_never_allow_one_are_denied if {
	every spec in [
		{"maxUnavailable": 0},
		{"maxUnavailable": "0%"},
		{"minAvailable": 3},
		{"minAvailable": "100%"},
		{"minAvailable": "67%"},
		{"minAvailable": 0, "maxUnavailable": 0},
		{"minAvailable": "50%", "maxUnavailable": 0},
		{"minAvailable": null},
		{"minAvailable": "many"},
		{},
	] {
		{path | some [path, _] in denied([server(3), budget("keep", spec)])} == {"spec"}
	}
}

test_a_budget_for_other_pods_may_keep_as_many_as_it_likes if {
	other := budget("keep", {"minAvailable": 9, "selector": {"matchLabels": {"app": "other"}}})
	denied([server(1), object.union(other, {"spec": {"selector": {"matchLabels": {"app": "other"}}}})]) == set()
}

test_a_budget_for_the_pods_of_a_job_is_denied if {
	denied([testing.job({"containers": [{"name": "main"}]}), budget("keep", {"maxUnavailable": 1})]) == {["spec.selector", ["app"]]}
}

test_a_job_that_the_budget_does_not_select_is_no_matter if {
	job := object.union(
		testing.job({"containers": [{"name": "main"}]}),
		{"spec": {"template": {"metadata": {"labels": {"app": "job"}}}}},
	)
	denied([server(3), job, budget("keep", {"maxUnavailable": 1})]) == set()
}

test_replicas_that_are_no_number_count_as_one if {
	observations == set() with input as testing.given([server("3")])
}

test_what_an_autoscaler_may_do_counts if {
	autoscaler := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", "scale", {"spec": {
		"minReplicas": 1,
		"maxReplicas": 5,
		"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"},
	}})
	denied([server(null), autoscaler]) == {["spec.replicas", []]}
	denied([server(null), autoscaler, budget("keep", {"minAvailable": 0})]) == set()
	denied([server(null), autoscaler, budget("keep", {"minAvailable": 1})]) == {["spec", {"minAvailable": 1}]}
}
