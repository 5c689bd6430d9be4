package lib.networks_test

import data.lib.testing
import rego.v1

pods := testing.deployment({"containers": [{"name": "main"}]})

policy(spec) := testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "app", {"spec": spec})

directions(spec) := found[0] if {
	found := [governing.directions | some governing in data.lib.networks.policies] with input as testing.given([policy(spec)])
}

selected(governing_policy) := names if {
	names := [pod.name |
		some governing in data.lib.networks.policies
		some pod in governing.pods
	] with input as testing.given([pods, governing_policy])
}

test_the_types_of_a_policy_are_its_directions if {
	directions({"policyTypes": ["Egress"], "ingress": [{}]}) == ["Egress"]
	directions({"policyTypes": ["Ingress", "Egress"]}) == ["Ingress", "Egress"]
}

test_without_types_egress_counts_only_with_a_rule if {
	directions({}) == ["Ingress"]
	directions({"egress": []}) == ["Ingress"]
	directions({"egress": [{}]}) == ["Ingress", "Egress"]
}

test_a_policy_selects_the_pods_of_its_namespace if {
	selected(policy({"podSelector": {"matchLabels": {"app": "app"}}})) == ["app"]
	selected(policy({"podSelector": {}})) == ["app"]
	selected(policy({})) == ["app"]
	selected(policy({"podSelector": {"matchLabels": {"app": "other"}}})) == []
	selected(policy({"podSelector": null})) == []
	elsewhere := object.union(policy({}), {"metadata": {"namespace": "there"}})
	selected(elsewhere) == []
}

test_rules_are_found_with_their_peers_and_ports if {
	spec := {
		"policyTypes": ["Ingress", "Egress"],
		"ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 1}]}],
		"egress": [{}, "text"],
	}
	found := [[rule.direction, rule.field, rule.peers_field, rule.peers, rule.ports] |
		some rule in data.lib.networks.rules
	] with input as testing.given([policy(spec)])
	found == [
		["Ingress", "spec.ingress[0]", "from", [{"podSelector": {}}], [{"port": 1}]],
		["Egress", "spec.egress[0]", "to", [], []],
		["Egress", "spec.egress[1]", "to", [], []],
	]
}

test_rules_of_a_direction_that_the_policy_leaves_alone_do_not_count if {
	found := [rule.field |
		some rule in data.lib.networks.rules
	] with input as testing.given([policy({"policyTypes": ["Egress"], "ingress": [{}]})])
	found == []
}
