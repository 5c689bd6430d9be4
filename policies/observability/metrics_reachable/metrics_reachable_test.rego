package observability.metrics_reachable_test

import data.lib.testing
import data.observability.metrics_reachable.observations
import data.observability.metrics_reachable.warn
import rego.v1

pod(variables, ports) := testing.deployment({"containers": [testing.serving(variables, {"ports": ports})]})

service(port) := testing.object_of("v1", "Service", "scraped", {"spec": {"selector": {"app": "app"}, "ports": [port]}})

metrics := [{"name": "metrics", "containerPort": 9090}]

said(objects) := messages if {
	messages := {seen.message | some seen in warn} with input as testing.given(objects)
}

no_port := "container \"spicedb\" declares 0 ports for metrics"

no_service := "container \"spicedb\" is reached for metrics through 0 Services"

test_a_port_and_a_service_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].ports",
			"value": [9090],
			"expected": "a port for metrics",
			"holds": true,
			"message": "container \"spicedb\" declares 1 ports for metrics",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].ports",
			"value": ["scraped"],
			"expected": "a Service port that leads to metrics",
			"holds": true,
			"message": "container \"spicedb\" is reached for metrics through 1 Services",
		},
	} with input as testing.given([pod({}, metrics), service({"port": 80, "targetPort": "metrics"})])
}

test_a_port_may_be_known_by_its_number if {
	said([pod({}, [{"name": "telemetry", "containerPort": 9090}]), service({"port": 9090})]) == set()
}

test_no_port_is_warned_of if {
	said([pod({}, []), service({"port": 9090})]) == {no_port, no_service}
	said([pod({}, "text"), service({"port": 9090})]) == {no_port, no_service}
}

test_no_service_is_warned_of if {
	said([pod({}, metrics)]) == {no_service}
	said([pod({}, array.concat(metrics, [{"name": "grpc", "containerPort": 50051}])), service({"port": 50051})]) == {no_service}
}

test_a_server_without_metrics_is_not_looked_at if {
	observations == set() with input as testing.given([pod({"SPICEDB_METRICS_ENABLED": "false"}, [])])
}

test_a_service_of_another_server_is_warned_of if {
	other := object.union(
		testing.workload("apps/v1", "StatefulSet", {"containers": [testing.serving({}, {"ports": metrics})]}),
		{"spec": {"template": {"metadata": {"labels": {"app": "other"}}}}},
	)
	{[seen.subject, seen.message] | some seen in warn} == {[
		"apps/v1/StatefulSet/here/app",
		no_service,
	]} with input as testing.given([pod({}, metrics), other, service({"port": 9090})])
}

test_a_port_may_have_another_number_and_the_name if {
	said([pod({}, [{"name": "metrics", "containerPort": 9091}]), service({"port": 80, "targetPort": "metrics"})]) == set()
}
