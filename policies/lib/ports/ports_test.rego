package lib.ports_test

import data.lib.ports
import data.lib.testing
import rego.v1

pods := testing.deployment({"containers": [{"name": "main", "ports": [{"name": "grpc", "containerPort": 50051}]}]})

service(selector, port) := testing.object_of("v1", "Service", "app", {"spec": {"selector": selector, "ports": [port]}})

reached(selector, port) := found_numbers if {
	found_numbers := [[landing.port.number | some landing in found.reached] |
		some found in data.lib.ports.service_ports
	] with input as testing.given([pods, service(selector, port)])
}

test_a_service_reaches_a_port_by_name_or_number if {
	reached({"app": "app"}, {"port": 1, "targetPort": "grpc"}) == [[50051]]
	reached({"app": "app"}, {"port": 1, "targetPort": 50051}) == [[50051]]
	reached({"app": "app"}, {"port": 50051}) == [[50051]]
}

test_a_service_reaches_no_other_port if {
	reached({"app": "app"}, {"port": 1, "targetPort": "http"}) == [[]]
	reached({"app": "app"}, {"port": 50051, "protocol": "UDP"}) == [[]]
	reached({"app": "app"}, null) == [[]]
	reached({"app": "other"}, {"port": 50051}) == [[]]
}

test_a_service_without_selector_leads_to_nothing_known if {
	reached({}, {"port": 50051}) == []
	selected := [count(found.pods) | some found in data.lib.ports.services] with input as testing.given([pods, service({}, {"port": 50051})])
	selected == [0]
}

test_the_protocol_is_tcp_unless_said if {
	ports.protocol({}) == "TCP"
	ports.protocol({"protocol": "UDP"}) == "UDP"
}

test_a_service_of_another_namespace_reaches_nothing if {
	elsewhere := object.union(service({"app": "app"}, {"port": 50051}), {"metadata": {"namespace": "there"}})
	found := [count(port.reached) | some port in data.lib.ports.service_ports] with input as testing.given([pods, elsewhere])
	found == [0]
}

test_a_target_port_of_null_is_none if reached({"app": "app"}, {"port": 50051, "targetPort": null}) == [[50051]]
