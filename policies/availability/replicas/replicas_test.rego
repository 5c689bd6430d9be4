package availability.replicas_test

import data.availability.replicas.deny
import data.availability.replicas.observations
import data.lib.testing
import rego.v1

server(fields) := testing.given([object.union(
	testing.deployment({"containers": [testing.serving({}, {})]}),
	{"spec": fields},
)])

test_two_pods_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.replicas",
		"value": 2,
		"expected": "2 or more",
		"holds": true,
		"message": "Deployment \"app\" sets spec.replicas to 2",
	}} with input as server({"replicas": 2})
}

test_fewer_are_denied if {
	{seen.value | some seen in deny} == {1} with input as server({"replicas": 1})
	{seen.value | some seen in deny} == {0} with input as server({"replicas": 0})
}

test_no_number_means_one_and_is_denied if {
	{seen.message | some seen in deny} == {"Deployment \"app\" does not set spec.replicas"} with input as server({})
	{seen.value | some seen in deny} == {"3"} with input as server({"replicas": "3"})
}

test_a_stateful_set_is_looked_at if {
	spec := {"containers": [testing.serving({}, {})]}
	count(deny) == 1 with input as testing.given([testing.workload("apps/v1", "StatefulSet", spec)])
	observations == set() with input as testing.given([testing.workload("apps/v1", "DaemonSet", spec), testing.job(spec)])
}

test_other_workloads_are_not_looked_at if {
	observations == set() with input as testing.container({})
}

test_the_minimum_of_an_autoscaler_counts_where_there_is_one if {
	autoscaler := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", "scale", {"spec": {
		"minReplicas": 1,
		"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"},
	}})
	objects := [testing.deployment({"containers": [testing.serving({}, {})]}), autoscaler]
	{seen.message | some seen in deny} == {
		"HorizontalPodAutoscaler \"scale\" sets spec.minReplicas to 1",
	} with input as testing.given(objects)
	two := object.union(autoscaler, {"spec": {"minReplicas": 2}})
	deny == set() with input as testing.given([objects[0], two])
}
