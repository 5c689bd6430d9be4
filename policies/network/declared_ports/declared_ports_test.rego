package network.declared_ports_test

import data.lib.testing
import data.network.declared_ports.deny
import data.network.declared_ports.observations
import rego.v1

pod := testing.deployment({"containers": [{"name": "main", "ports": [{"name": "grpc", "containerPort": 50051}]}]})

ruled(spec) := testing.given([
	pod,
	testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": object.union({"podSelector": {}}, spec)}),
])

denied(port) := findings if {
	findings := {[seen.path, seen.message] | some seen in deny} with input as ruled({"ingress": [{"ports": [port]}]})
}

test_a_declared_port_holds if {
	observations == {
		{
			"subject": "networking.k8s.io/v1/NetworkPolicy/here/limits",
			"path": "spec.ingress[0].ports",
			"value": 1,
			"expected": "ports, each one named",
			"holds": true,
			"message": concat(" ", [
				"NetworkPolicy \"limits\" has 1 ports in a rule for Ingress, 0 of them without a number or name;",
				"none at all means every port",
			]),
		},
		{
			"subject": "networking.k8s.io/v1/NetworkPolicy/here/limits",
			"path": "spec.ingress[0].ports[0].port",
			"value": "grpc",
			"expected": "a port that a selected pod declares",
			"holds": true,
			"message": "NetworkPolicy \"limits\" opens the port \"grpc\", which a selected pod declares",
		},
	} with input as ruled({"ingress": [{"ports": [{"port": "grpc"}]}]})
}

test_a_port_may_be_a_number_or_a_range_of_one if {
	denied({"port": 50051, "protocol": "TCP"}) == set()
	denied({"port": 50051, "endPort": 50051}) == set()
}

test_other_ports_are_denied if {
	every port in [
		{"port": 50052},
		{"port": "http"},
		{"port": 50051, "protocol": "UDP"},
		{"port": 50051, "endPort": 50060},
	] {
		count(denied(port)) == 1
	}
	denied({"port": 50052}) == {[
		"spec.ingress[0].ports[0].port",
		"NetworkPolicy \"limits\" opens the port 50052, which is not one port that a selected pod declares",
	]}
}

test_a_policy_that_selects_no_pod_opens_undeclared_ports if {
	{seen.path | some seen in deny} == {"spec.ingress[0].ports[0].port"} with input as ruled({
		"podSelector": {"matchLabels": {"app": "other"}},
		"ingress": [{"ports": [{"port": 50051}]}],
	})
}

test_a_rule_without_ports_is_denied if {
	{seen.path | some seen in deny} == {"spec.ingress[0].ports", "spec.egress[0].ports"} with input as ruled({
		"ingress": [{}],
		"egress": [{"ports": []}],
	})
}

test_ports_of_other_pods_need_not_be_declared if {
	testing.verdicts(observations) == {["spec.egress[0].ports", true]} with input as ruled({
		"policyTypes": ["Egress"],
		"egress": [{"ports": [{"port": 5432}]}],
	})
}

test_a_port_entry_without_a_port_opens_every_port_and_is_denied if {
	every port in [{}, {"protocol": "UDP"}, {"port": null}, null] {
		{seen.path | some seen in deny} == {"spec.egress[0].ports"} with input as ruled({
			"policyTypes": ["Egress"],
			"egress": [{"ports": [{"port": 53}, port]}],
		})
		count(denied(port)) == 2
	}
}
