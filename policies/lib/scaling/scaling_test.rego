package lib.scaling_test

import data.lib.scaling
import data.lib.testing
import rego.v1

spec := {"containers": [testing.serving({}, {})]}

server(replicas) := object.union(testing.deployment(spec), {"spec": {"replicas": replicas}})

horizontal(fields) := testing.object_of(
	"autoscaling/v2",
	"HorizontalPodAutoscaler",
	"app",
	{"spec": object.union({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"}}, fields)},
)

keda(fields) := testing.object_of(
	"keda.sh/v1alpha1",
	"ScaledObject",
	"app",
	{"spec": object.union({"scaleTargetRef": {"name": "app"}}, fields)},
)

# [where the smallest number is, it, the smallest and the largest number of pods] of the one workload among these objects.
numbers(objects) := found if {
	found := [[[minimum.target.kind, minimum.field, minimum.value], scaling.least(pod.resource), scaling.most(pod.resource)] |
		some pod in data.lib.kubernetes.pods
		some minimum in scaling.minimums(pod.resource)
	] with input as testing.given(objects)
}

test_a_workload_decides_by_itself if {
	numbers([server(3)]) == [[["Deployment", "spec.replicas", 3], 3, 3]]
	numbers([testing.deployment(spec)]) == [[["Deployment", "spec.replicas", null], 1, 1]]
	numbers([server("3")]) == [[["Deployment", "spec.replicas", "3"], 1, 1]]
}

test_an_autoscaler_that_names_it_decides if {
	given := horizontal({"minReplicas": 2, "maxReplicas": 5})
	numbers([server(1), given]) == [[["HorizontalPodAutoscaler", "spec.minReplicas", 2], 2, 5]]
	numbers([server(3), horizontal({})]) == [[["HorizontalPodAutoscaler", "spec.minReplicas", null], 1, 1]]
}

test_so_does_one_of_keda_which_may_go_down_to_nothing if {
	numbers([server(3), keda({})]) == [[["ScaledObject", "spec.minReplicaCount", 0], 0, 100]]
	given := keda({"minReplicaCount": 2, "maxReplicaCount": 4})
	numbers([server(3), given]) == [[["ScaledObject", "spec.minReplicaCount", 2], 2, 4]]
}

test_an_autoscaler_of_something_else_does_not if {
	every target in [
		{"apiVersion": "apps/v1", "kind": "Deployment", "name": "other"},
		{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "app"},
		{"apiVersion": "example.com/v1", "kind": "Deployment", "name": "app"},
		{"apiVersion": null, "kind": null, "name": null},
	] {
		numbers([server(3), horizontal({"scaleTargetRef": target})]) == [[["Deployment", "spec.replicas", 3], 3, 3]]
	}
	elsewhere := object.union(horizontal({"minReplicas": 2}), {"metadata": {"namespace": "there"}})
	numbers([server(3), elsewhere]) == [[["Deployment", "spec.replicas", 3], 3, 3]]
	unreadable := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", "app", {"spec": "text"})
	numbers([server(3), unreadable]) == [[["Deployment", "spec.replicas", 3], 3, 3]]
}
