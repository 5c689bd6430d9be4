# METADATA
# title: NetworkPolicies name the ports they open
# description: >-
#   A rule without ports opens all of them, and so does a port entry without a port. Each rule must name ports,
#   and the ports of an ingress rule must be declared by a container of a pod that the policy selects: one that
#   nobody declares is a mistake or a door for later.
# custom:
#   severity: medium
#   kinds: [NetworkPolicy]
#   remediation: >-
#     Name in each rule the ports that the selected pods declare. The chart derives them from the same values as
#     the containers.
#   parameters: []
package network.declared_ports

import data.lib.observation
import data.lib.ports
import rego.v1

observations contains observation.saying(rule.policy, field, count(rule.ports), "ports, each one named", named, sentence) if {
	some rule in data.lib.networks.rules
	field := concat(".", [rule.field, "ports"])
	unnamed := count([port | some port in rule.ports; _number(port) == null])
	named := [unnamed, rule.ports == []] == [0, false]
	sentence := sprintf("has %d ports in a rule for %v, %d of them without a number or name; none at all means every port", [
		count(rule.ports),
		rule.direction,
		unnamed,
	])
}

observations contains observation.saying(rule.policy, field, value, "a port that a selected pod declares", holds, sentence) if {
	some rule in data.lib.networks.rules
	rule.direction == "Ingress"
	some index, port in rule.ports
	field := sprintf("%v.ports[%d].port", [rule.field, index])
	value := _number(port)
	holds := _declared(rule.policy.pods, port)
	sentence := sprintf("opens the port %v, which %v", [observation.shown(value), _found[holds]])
}

_number(port) := port.port if {
	port.port != null
} else := null

default _declared(_, _) := false

_declared(pods, port) if {
	some pod in pods
	ports.find(pod, port.port, ports.protocol(port))
	object.get(port, "endPort", port.port) == port.port
}

_found := {true: "a selected pod declares", false: "is not one port that a selected pod declares"}

deny contains finding if some finding in observation.failures(observations)
