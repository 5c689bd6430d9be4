# METADATA
# title: Services lead to declared ports, dispatch and metrics only inside
# description: >-
#   A Service port whose target no selected pod declares leads nowhere, and a Service that selects no pod serves
#   nobody. Dispatch and metrics are internal: the metrics port has no authentication, so neither may be on a
#   Service of another type than ClusterIP. Dispatch asks for the preshared key: for SpiceDB of other clusters it may
#   be on a LoadBalancer with source ranges.
# custom:
#   severity: medium
#   kinds: [Service]
#   remediation: >-
#     Point targetPort at a named container port, and keep dispatch and metrics on the headless Service, but for
#     config.dispatch.loadBalancer.
#   parameters: []
package network.service_ports

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(port.service, field, port.target, _expected, holds, sentence) if {
	some port in data.lib.ports.service_ports
	field := concat("", [port.field, ".targetPort"])
	selected := count(port.service.pods)
	holds := count(port.reached) == max([selected, 1])
	sentence := sprintf("sends the port \"%v\" to %v, which %d of %d selected pods declare", [
		port.name,
		port.target,
		count(port.reached),
		selected,
	])
}

observations contains observation.saying(port.service, port.field, port.service.type, expected, holds, sentence) if {
	some port in data.lib.ports.service_ports
	internal := [name |
		some way in array.concat([port.target], [value | some landing in port.reached; some value in landing.port])
		name := _internal[way]
	]
	listener := internal[0]
	expected := _inside[listener]
	holds := _is_inside(listener, port.service)
	sentence := sprintf("serves %v on a Service of type %v", [listener, port.service.type])
}

_expected := "a port that every selected pod declares"

_inside := {"dispatch": "ClusterIP, or LoadBalancer with source ranges", "metrics": "ClusterIP"}

default _is_inside(_, _) := false

_is_inside(_, service) if service.type == "ClusterIP"

_is_inside("dispatch", service) if {
	service.type == "LoadBalancer"
	kubernetes.entries(service.object.spec, "loadBalancerSourceRanges") != []
}

# By the names and the numbers of ports.
_internal := {"dispatch": "dispatch", "metrics": "metrics", 50053: "dispatch", 9090: "metrics"}

deny contains finding if some finding in observation.failures(observations)
