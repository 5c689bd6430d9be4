package network.service_ports_test

import data.lib.testing
import data.network.service_ports.deny
import data.network.service_ports.observations
import rego.v1

pod := testing.deployment({"containers": [{
	"name": "main",
	"ports": [{"name": "grpc", "containerPort": 50051}, {"name": "telemetry", "containerPort": 9090}],
}]})

serving(type, selector, port) := testing.given([
	pod,
	testing.object_of("v1", "Service", "app", {"spec": {"type": type, "selector": selector, "ports": [port]}}),
])

inside(port) := serving("ClusterIP", {"app": "app"}, port)

test_a_port_that_every_pod_declares_holds if {
	observations == {{
		"subject": "v1/Service/here/app",
		"path": "spec.ports[0].targetPort",
		"value": "grpc",
		"expected": "a port that every selected pod declares",
		"holds": true,
		"message": "Service \"app\" sends the port \"api\" to grpc, which 1 of 1 selected pods declare",
	}} with input as inside({"name": "api", "port": 1, "targetPort": "grpc"})
}

test_a_port_that_no_pod_declares_is_denied if {
	{[seen.path, seen.message] | some seen in deny} == {[
		"spec.ports[0].targetPort",
		"Service \"app\" sends the port \"api\" to 8080, which 0 of 1 selected pods declare",
	]} with input as inside({"name": "api", "port": 8080})
	count(deny) == 1 with input as inside(null)
}

test_a_service_that_selects_nothing_is_denied if {
	{seen.message | some seen in deny} == {
		"Service \"app\" sends the port \"\" to 50051, which 0 of 0 selected pods declare",
	} with input as serving("ClusterIP", {"app": "other"}, {"port": 50051})
}

test_a_port_that_only_some_pods_declare_is_denied if {
	objects := array.concat(inside({"port": 50051}).resources, [testing.job({"containers": [{"name": "main"}]})])
	{seen.message | some seen in deny} == {
		"Service \"app\" sends the port \"\" to 50051, which 1 of 2 selected pods declare",
	} with input as testing.given(objects)
}

test_internal_ports_hold_inside if {
	testing.verdicts(observations) == {
		["spec.ports[0].targetPort", true],
		["spec.ports[0]", true],
	} with input as inside({"port": 9090})
}

test_internal_ports_are_denied_outside if {
	every port in [{"port": 9090}, {"port": 80, "targetPort": 9090}, {"port": 80, "targetPort": "telemetry"}] {
		{[seen.path, seen.expected, seen.message] | some seen in deny} == {[
			"spec.ports[0]",
			"ClusterIP",
			"Service \"app\" serves metrics on a Service of type LoadBalancer",
		]} with input as serving("LoadBalancer", {"app": "app"}, port)
	}
}

dispatch(type, fields) := testing.given([
	testing.deployment({"containers": [{"name": "main", "ports": [{"name": "dispatch", "containerPort": 50053}]}]}),
	testing.object_of("v1", "Service", "app", {"spec": object.union(fields, {
		"type": type,
		"selector": {"app": "app"},
		"ports": [{"port": 50053}],
	})}),
])

said(given) := verdicts if {
	verdicts := {seen.holds |
		some seen in observations
		seen.expected == "ClusterIP, or LoadBalancer with source ranges"
	} with input as given
}

test_dispatch_may_be_open_to_other_clusters_and_nobody_else if {
	ranges := {"loadBalancerSourceRanges": ["10.30.0.0/16"]}
	said(dispatch("ClusterIP", {})) == {true}
	said(dispatch("LoadBalancer", ranges)) == {true}
	said(dispatch("LoadBalancer", {})) == {false}
	said(dispatch("NodePort", ranges)) == {false}
}

test_an_internal_port_is_known_by_its_name_though_no_pod_declares_it if {
	{seen.path | some seen in deny} == {"spec.ports[0]", "spec.ports[0].targetPort"} with input as serving(
		"NodePort",
		{"app": "app"},
		{"port": 80, "targetPort": "dispatch"},
	)
}

test_a_service_without_a_selector_is_not_looked_at if {
	observations == set() with input as serving("ClusterIP", {}, {"port": 50051})
}
