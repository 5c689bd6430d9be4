package availability.autoscaler_owns_replicas_test

import data.availability.autoscaler_owns_replicas.deny
import data.availability.autoscaler_owns_replicas.observations
import data.lib.testing
import rego.v1

server := testing.deployment({"containers": [testing.serving({}, {})]})

fixed := object.union(server, {"spec": {"replicas": 3}})

autoscaler(name, target) := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", name, {"spec": {
	"minReplicas": 2,
	"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": target},
}})

denied(objects) := messages if {
	messages := {seen.message | some seen in deny} with input as testing.given(objects)
}

test_an_autoscaler_alone_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.replicas",
			"value": ["HorizontalPodAutoscaler/scale"],
			"expected": "one master",
			"holds": true,
			"message": "Deployment \"app\" has its number of pods set by HorizontalPodAutoscaler/scale",
		},
		{
			"subject": "autoscaling/v2/HorizontalPodAutoscaler/here/scale",
			"path": "spec.scaleTargetRef",
			"value": {"group": "apps", "kind": "Deployment", "name": "app"},
			"expected": "a workload of the same namespace",
			"holds": true,
			"message": "HorizontalPodAutoscaler \"scale\" scales 1 workloads of the rendering",
		},
	} with input as testing.given([server, autoscaler("scale", "app")])
}

test_a_number_alone_and_none_at_all_hold if {
	{[seen.value, seen.holds] | some seen in observations} == {[["spec.replicas"], true]} with input as testing.given([fixed])
	{seen.message | some seen in observations} == {
		"Deployment \"app\" has its number of pods set by nothing, which means one",
	} with input as testing.given([server])
}

test_two_masters_are_denied if {
	denied([fixed, autoscaler("scale", "app")]) == {
		"Deployment \"app\" has its number of pods set by spec.replicas and HorizontalPodAutoscaler/scale",
	}
	denied([server, autoscaler("a", "app"), autoscaler("b", "app")]) == {concat(" ", [
		"Deployment \"app\" has its number of pods set by",
		"HorizontalPodAutoscaler/a and HorizontalPodAutoscaler/b",
	])}
}

test_an_autoscaler_of_nothing_is_denied if {
	denied([fixed, autoscaler("scale", "other")]) == {"HorizontalPodAutoscaler \"scale\" scales 0 workloads of the rendering"}
	elsewhere := object.union(autoscaler("scale", "app"), {"metadata": {"namespace": "there"}})
	denied([fixed, elsewhere]) == {"HorizontalPodAutoscaler \"scale\" scales 0 workloads of the rendering"}
}
