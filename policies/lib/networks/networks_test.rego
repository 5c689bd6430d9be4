package lib.networks_test

import data.lib.networks
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

# What one rule for egress does with the port 5432 and with the pod.
egress(rule) := found[0] if {
	found := [{"opens": _opened(seen), "lets": _let_through(seen)} |
		some seen in data.lib.networks.rules
	] with input as testing.given([pods, policy({"policyTypes": ["Egress"], "egress": [rule]})])
}

_opened(rule) if {
	networks.opens(rule, 5432)
} else := false

_let_through(rule) if {
	networks.lets(rule, data.lib.kubernetes.pods[0])
} else := false

test_a_rule_opens_the_ports_that_it_names if {
	egress({}).opens
	egress({"ports": [{"port": 5432}]}).opens
	egress({"ports": [{"protocol": "TCP"}]}).opens
	egress({"ports": [{"port": 5000, "endPort": 6000}]}).opens
	not egress({"ports": [{"port": 443}]}).opens
	not egress({"ports": [{"port": 5432, "protocol": "UDP"}]}).opens
	not egress({"ports": [{"port": 5000, "endPort": 5431}]}).opens
	not egress({"ports": [{"port": 5433, "endPort": 6000}]}).opens
	not egress({"ports": [{"port": "postgres", "endPort": 6000}]}).opens
}

test_a_rule_lets_the_pods_of_its_peers_through if {
	egress({}).lets
	egress({"to": [{"podSelector": {}}]}).lets
	egress({"to": [{"namespaceSelector": {}}]}).lets
	egress({"to": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "app"}}}]}).lets
	egress({"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "here"}}}]}).lets
	not egress({"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "there"}}}]}).lets
	not egress({"to": [{"podSelector": {"matchLabels": {"app": "other"}}}]}).lets
	not egress({"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}).lets
}

test_a_pod_is_governed_in_the_directions_of_the_policies_that_select_it if {
	fields := ["spec.egress[0]", "spec.egress[1]"]
	found := {direction: {subject: [rule.field | some rule in rules] | some subject, rules in governed} |
		some direction, governed in data.lib.networks.governing
	} with input as testing.given([pods, policy({"policyTypes": ["Egress"], "egress": [{}, {}]})])
	found == {"Ingress": {}, "Egress": {"apps/v1/Deployment/here/app": fields}}
}
