package availability.autoscaler_measures_test

import data.availability.autoscaler_measures.deny
import data.availability.autoscaler_measures.observations
import data.lib.testing
import rego.v1

target := {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"}

horizontal(fields) := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", "scale", {"spec": object.union(
	{"scaleTargetRef": target},
	fields,
)})

keda(triggers) := testing.object_of("keda.sh/v1alpha1", "ScaledObject", "scale", {"spec": {
	"scaleTargetRef": {"name": "app"},
	"triggers": triggers,
}})

use(name) := {"metrics": [{"type": "Resource", "resource": {"name": name, "target": {"type": "Utilization"}}}]}

pods(resources) := testing.deployment({"containers": [
	testing.named("main", {"resources": resources}),
	testing.named("beside", {"resources": {"requests": {"cpu": "1"}}}),
]})

lacking(resources, autoscaler) := found if {
	found := {seen.value | some seen in deny} with input as testing.given([pods(resources), autoscaler])
}

test_a_request_holds if {
	observations == {{
		"subject": "autoscaling/v2/HorizontalPodAutoscaler/here/scale",
		"path": "spec.scaleTargetRef",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "HorizontalPodAutoscaler \"scale\" follows cpu, which 0 containers do not request",
	}} with input as testing.given([pods({"requests": {"cpu": "1"}}), horizontal(use("cpu"))])
	lacking({"limits": {"cpu": 2}}, horizontal(use("cpu"))) == set()
}

test_no_request_is_denied if {
	lacking({}, horizontal(use("cpu"))) == {["main"]}
	lacking("text", horizontal(use("cpu"))) == {["main"]}
	lacking({"requests": {"cpu": "0"}}, horizontal(use("cpu"))) == {["main"]}
	lacking({"requests": {"cpu": "1"}}, horizontal(use("memory"))) == {["main", "beside"]}
	lacking({}, horizontal({})) == {["main"]}
}

metric(name) := {"metrics": [{"containerResource": {"name": "cpu", "container": name, "target": {"type": "Utilization"}}}]}

test_one_container_may_be_meant if {
	lacking({}, horizontal(metric("beside"))) == set()
	lacking({}, horizontal(metric("main"))) == {["main"]}
}

test_kedas_triggers_are_asked_too if {
	lacking({}, keda([{"type": "cpu", "metricType": "Utilization"}])) == {["main"]}
	lacking({}, keda([{"type": "cpu", "metadata": {"containerName": "beside"}}])) == set()
	lacking({}, keda([{"type": "cpu", "metricType": "AverageValue"}, {"type": "prometheus"}, "text"])) == set()
}

test_amounts_and_other_workloads_are_not_looked_at if {
	amount := {"metrics": [{"resource": {"name": "cpu", "target": {"type": "AverageValue"}}}, {"pods": {}}]}
	observations == set() with input as testing.given([pods({}), horizontal(amount)])
	observations == set() with input as testing.given([testing.job({"containers": []}), horizontal(use("cpu"))])
}
