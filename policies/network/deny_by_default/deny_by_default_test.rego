package network.deny_by_default_test

import data.lib.testing
import data.network.deny_by_default.deny
import data.network.deny_by_default.observations
import rego.v1

policy(spec) := testing.given([testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": spec})])

holds(peers) := verdicts if {
	verdicts := {seen.holds | some seen in observations} with input as policy({
		"policyTypes": ["Ingress"],
		"ingress": [{"from": peers}],
	})
}

chosen := {"matchLabels": {"app": "client"}}

test_a_direction_without_rules_holds if {
	observations == {{
		"subject": "networking.k8s.io/v1/NetworkPolicy/here/limits",
		"path": "spec.egress",
		"value": [],
		"expected": "no rule, or rules with peers",
		"holds": true,
		"message": "NetworkPolicy \"limits\" allows no egress",
	}} with input as policy({"policyTypes": ["Egress"], "ingress": [{}]})
}

test_a_rule_with_narrow_peers_holds if {
	observations == {{
		"subject": "networking.k8s.io/v1/NetworkPolicy/here/limits",
		"path": "spec.ingress[0].from",
		"value": 1,
		"expected": "peers, each one narrow",
		"holds": true,
		"message": concat(" ", [
			"NetworkPolicy \"limits\" allows 1 peers in a rule for Ingress, 0 of them without bounds;",
			"none at all means everybody",
		]),
	}} with input as policy({"ingress": [{"from": [{"podSelector": chosen}]}]})
}

test_narrow_peers if {
	every peer in [
		{"podSelector": {}},
		{"podSelector": chosen, "namespaceSelector": {}},
		{"podSelector": {}, "namespaceSelector": chosen},
		{"namespaceSelector": chosen, "podSelector": null},
		{"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}},
		{"ipBlock": {"cidr": "10.0.0.0/8"}},
		{"ipBlock": {"cidr": "fc00::/7"}},
	] {
		holds([peer]) == {true}
	}
}

test_peers_without_bounds_are_denied if {
	every peer in [
		{},
		null,
		"text",
		{"namespaceSelector": {}},
		{"namespaceSelector": {"matchLabels": {}}},
		{"namespaceSelector": {}, "podSelector": {}},
		{"namespaceSelector": {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}},
		{"namespaceSelector": {}, "podSelector": {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}},
		{"ipBlock": {"cidr": "0.0.0.0/0"}},
		{"ipBlock": {"cidr": "10.0.0.0/0"}},
		{"ipBlock": {"cidr": "128.0.0.0/1"}},
		{"ipBlock": {"cidr": "8.0.0.0/7"}},
		{"ipBlock": {"cidr": "f000::/6"}},
		{"ipBlock": {"cidr": "::/0"}},
		{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}},
		{"ipBlock": {"cidr": "everything"}},
		{"ipBlock": {"cidr": 5}},
		{"ipBlock": {}, "podSelector": chosen},
		{"podSelector": "text"},
	] {
		holds([peer]) == {false}
	}
}

test_one_wide_peer_undoes_the_rule if holds([{"podSelector": chosen}, {"namespaceSelector": {}}]) == {false}

test_a_rule_without_peers_is_denied if {
	every peers in [[], null] {
		holds(peers) == {false}
	}
	{seen.path | some seen in deny} == {"spec.ingress[0].from", "spec.egress[0].to"} with input as policy({
		"ingress": [{}],
		"egress": [{"ports": [{"port": 443}]}],
	})
}

test_rules_that_cannot_be_read_are_denied if {
	{seen.path | some seen in deny} == {"spec.ingress[0].from"} with input as policy({"ingress": "text"})
	holds("text") == {false}
}
