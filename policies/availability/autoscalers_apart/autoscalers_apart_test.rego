package availability.autoscalers_apart_test

import data.availability.autoscalers_apart.deny
import data.availability.autoscalers_apart.observations
import data.lib.testing
import rego.v1

target := {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"}

vertical(fields) := testing.object_of(
	"autoscaling.k8s.io/v1",
	"VerticalPodAutoscaler",
	"app",
	{"spec": object.union({"targetRef": target}, fields)},
)

controlling(resources) := {"resourcePolicy": {"containerPolicies": [
	{"containerName": "spicedb", "controlledResources": resources},
	{"containerName": "*", "mode": "Off"},
]}}

horizontal(metrics) := testing.object_of(
	"autoscaling/v2",
	"HorizontalPodAutoscaler",
	"app",
	{"spec": {"scaleTargetRef": target, "metrics": metrics}},
)

cpu := [{"type": "Resource", "resource": {"name": "cpu"}}]

denied(objects) := findings if {
	findings := {seen.message | some seen in deny} with input as testing.given(objects)
}

test_a_resource_for_each_holds if {
	observations == {{
		"subject": "autoscaling.k8s.io/v1/VerticalPodAutoscaler/here/app",
		"path": "spec.resourcePolicy",
		"value": ["memory"],
		"expected": "nothing of [\"cpu\"]",
		"holds": true,
		"message": "VerticalPodAutoscaler \"app\" changes [\"memory\"], of which a horizontal autoscaler follows []",
	}} with input as testing.given([vertical(controlling(["memory"])), horizontal(cpu)])
}

test_one_resource_for_both_is_denied if {
	said := {"VerticalPodAutoscaler \"app\" changes [\"cpu\"], of which a horizontal autoscaler follows [\"cpu\"]"}
	denied([vertical(controlling(["cpu"])), horizontal(cpu)]) == said
	container := [{"type": "ContainerResource", "containerResource": {"name": "cpu", "container": "spicedb"}}]
	denied([vertical(controlling(["cpu"])), horizontal(container)]) == said
	keda := {"spec": {"scaleTargetRef": {"name": "app"}, "triggers": [{"type": "cpu"}, {"type": "prometheus"}]}}
	denied([vertical(controlling(["cpu"])), testing.object_of("keda.sh/v1alpha1", "ScaledObject", "app", keda)]) == said
}

test_both_resources_are_controlled_where_nothing_is_said if {
	count(denied([vertical({}), horizontal(cpu)])) == 1
	count(denied([vertical({"resourcePolicy": "text"}), horizontal(cpu)])) == 1
	count(denied([vertical({"resourcePolicy": {"containerPolicies": [{"containerName": "*"}]}}), horizontal(cpu)])) == 1
}

test_one_that_only_says_what_it_finds_holds if {
	denied([vertical({"updatePolicy": {"updateMode": "Off"}}), horizontal(cpu)]) == set()
}

test_one_of_something_else_holds if {
	other := {"targetRef": object.union(target, {"name": "other"})}
	denied([vertical(other), horizontal(cpu)]) == set()
	elsewhere := object.union(horizontal(cpu), {"metadata": {"namespace": "there"}})
	denied([vertical({}), elsewhere]) == set()
	denied([vertical({}), horizontal([{"type": "Pods"}])]) == set()
}

test_without_a_vertical_autoscaler_there_is_nothing_to_look_at if {
	observations == set() with input as testing.given([horizontal(cpu)])
}
