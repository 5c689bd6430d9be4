package lib.monitors_test

import data.lib.testing
import rego.v1

pod := testing.deployment({"containers": [testing.named("main", {"ports": [
	{"name": "metrics", "containerPort": 9090},
	{"name": "grpc", "containerPort": 50051},
]})]})

service := testing.object_of("v1", "Service", "app", {"spec": {
	"selector": {"app": "app"},
	"ports": [{"name": "scraped", "port": 80, "targetPort": "metrics"}, {"name": "grpc", "port": 50051}],
}})

labelled := object.union(service, {"metadata": {"labels": {"team": "a"}}})

monitor(kind, spec) := testing.object_of("monitoring.coreos.com/v1", kind, "watch", {"spec": spec})

of_services(fields) := monitor("ServiceMonitor", object.union(
	{"selector": {"matchLabels": {"team": "a"}}, "endpoints": [{"port": "scraped"}]},
	fields,
))

of_pods(fields) := monitor("PodMonitor", object.union(
	{"selector": {"matchLabels": {"app": "app"}}, "podMetricsEndpoints": [{"port": "metrics"}]},
	fields,
))

reached(object) := [[endpoint.field, numbers] |
	some endpoint in seen
	numbers := [landing.port.number | some landing in endpoint.reached]
] if {
	seen := data.lib.monitors.endpoints with input as testing.given([pod, labelled, object])
}

test_a_service_monitor_scrapes_ports_of_services if {
	reached(of_services({})) == [["spec.endpoints[0]", [9090]]]
	reached(of_services({"endpoints": [{"targetPort": "metrics"}, {"port": "none"}]})) == [
		["spec.endpoints[0]", [9090]],
		["spec.endpoints[1]", []],
	]
	reached(of_services({"selector": {"matchLabels": {"team": "b"}}})) == [["spec.endpoints[0]", []]]
	reached(of_services({"selector": null})) == [["spec.endpoints[0]", []]]
	reached(of_services({"endpoints": "text"})) == [["spec.endpoints[0]", []]]
}

test_a_pod_monitor_scrapes_ports_of_pods if {
	reached(of_pods({})) == [["spec.podMetricsEndpoints[0]", [9090]]]
	reached(of_pods({"podMetricsEndpoints": [{"portNumber": 50051}]})) == [["spec.podMetricsEndpoints[0]", [50051]]]
	reached(of_pods({"selector": {"matchLabels": {"app": "other"}}})) == [["spec.podMetricsEndpoints[0]", []]]
}

test_the_namespaces_are_chosen if {
	reached(of_pods({"namespaceSelector": {"any": true}})) == [["spec.podMetricsEndpoints[0]", [9090]]]
	reached(of_pods({"namespaceSelector": {"matchNames": ["here"]}})) == [["spec.podMetricsEndpoints[0]", [9090]]]
	reached(of_pods({"namespaceSelector": {"matchNames": ["there"]}})) == [["spec.podMetricsEndpoints[0]", []]]
	elsewhere := object.union(of_pods({}), {"metadata": {"namespace": "there"}})
	reached(elsewhere) == [["spec.podMetricsEndpoints[0]", []]]
}

test_kinds_of_other_projects_do_not_count if {
	reached(object.union(of_pods({}), {"apiVersion": "azmonitoring.coreos.com/v1"})) == []
}
