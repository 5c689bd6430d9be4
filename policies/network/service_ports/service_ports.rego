# METADATA
# title: Services lead to declared ports, dispatch and metrics only inside
# description: >-
#   A Service port whose target no selected pod declares leads nowhere, and a Service that selects no pod serves
#   nobody. Dispatch and metrics are internal: the metrics port has no authentication, so neither may be on a
#   Service of another type than ClusterIP.
# custom:
#   severity: medium
#   kinds: [Service]
#   remediation: >-
#     Point targetPort at a named container port, and keep dispatch and metrics on the headless Service.
#   parameters: []
package network.service_ports

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

observations contains observation.saying(port.service, port.field, port.service.type, "ClusterIP", holds, sentence) if {
	some port in data.lib.ports.service_ports
	internal := [name |
		some way in array.concat([port.target], [value | some landing in port.reached; some value in landing.port])
		name := _internal[way]
	]
	listener := internal[0]
	holds := port.service.type == "ClusterIP"
	sentence := sprintf("serves %v on a Service of type %v", [listener, port.service.type])
}

_expected := "a port that every selected pod declares"

# By the names and the numbers of ports.
_internal := {"dispatch": "dispatch", "metrics": "metrics", 50053: "dispatch", 9090: "metrics"}

deny contains finding if some finding in observation.failures(observations)
