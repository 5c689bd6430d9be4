# METADATA
# title: NetworkPolicies name whom they allow
# description: >-
#   A NetworkPolicy denies what no rule allows, so one rule for everybody undoes it. Each rule must name its
#   peers: a rule without peers, an empty peer, all namespaces without a choice of pods, a selector that only says
#   which labels must not be there, and address ranges wider than any private network (10.0.0.0/8, fc00::/7),
#   0.0.0.0/0 above all, are refused. A direction without rules denies everything and holds.
# custom:
#   severity: high
#   kinds: [NetworkPolicy]
#   remediation: Name the peers in networkPolicy.clients, .metrics, .dns.to, .datastore.to and .apiServer.to.
#   parameters: []
package network.deny_by_default

import data.lib.kubernetes
import data.lib.observation
import data.lib.selectors
import rego.v1

observations contains observation.saying(policy, field, [], "no rule, or rules with peers", true, sentence) if {
	some policy in data.lib.networks.policies
	some direction in policy.directions
	field := concat(".", ["spec", data.lib.networks.fields[direction].rules])
	kubernetes.entries(policy.spec, data.lib.networks.fields[direction].rules) == []
	sentence := sprintf("allows no %v", [lower(direction)])
}

observations contains observation.saying(rule.policy, field, count(rule.peers), "peers, each one narrow", holds, sentence) if {
	some rule in data.lib.networks.rules
	field := concat(".", [rule.field, rule.peers_field])
	wide := count([peer | some peer in rule.peers; not _narrow(peer)])
	holds := [wide, rule.peers == []] == [0, false]
	sentence := sprintf("allows %d peers in a rule for %v, %d of them without bounds; none at all means everybody", [
		count(rule.peers),
		rule.direction,
		wide,
	])
}

# A peer is one of three: a range of addresses, pods by label (of chosen or all namespaces), or namespaces by label.
_narrow(peer) if {
	block := _part(peer, "ipBlock")
	cidr := kubernetes.text(block, "cidr")
	length := regex.find_all_string_submatch_n(`/([0-9]{1,3})$`, cidr, 1)
	to_number(length[0][1]) >= _shortest_prefix(cidr)
} else if {
	not _part(peer, "ipBlock")
	some field in ["podSelector", "namespaceSelector"]
	selector := _part(peer, field)
	selectors.chooses(selector)
} else if {
	# All pods, but of the policy's own namespace only.
	not _part(peer, "ipBlock")
	not _part(peer, "namespaceSelector")
	_part(peer, "podSelector")
}

_part(peer, field) := peer[field] if is_object(peer[field])

_shortest_prefix(cidr) := 7 if {
	contains(cidr, ":")
} else := 8

deny contains finding if some finding in observation.failures(observations)
