# METADATA
# title: NetworkPolicies let SpiceDB reach its datastore
# description: >-
#   A policy that governs egress and leaves the datastore out cuts SpiceDB off: servers never become ready and a
#   migration waits until its deadline. Server and migration must be let through to the port of the URI. Where the
#   rendering does not show it, or the peers are pods, which may listen on another port than their Service, the engine's
#   usual port is taken, or any that nothing else needs (not that of names, of the API server or of SpiceDB itself). A
#   pod that no policy governs is network.pods_selected's.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set networkPolicy.datastore.to to where the datastore is, and networkPolicy.datastore.port where it listens on
#     another port than its engine usually does.
#   parameters: [api_server_ports]
package network.datastore_egress

import data.lib.networks
import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.saying(pod.metadata, "labels", opened, expected, opened != [], sentence) if {
	others := {"53", "5353", "50051", "50053", "8443", "9090"} | {port | some port in parameters.texts("api_server_ports")}
	some connection in data.lib.datastore.connections
	pod := connection.container.pod
	rules := data.lib.networks.governing.Egress[pod.subject]
	port := _port(connection)
	shown := _shown(connection.uri)
	opened := [rule.policy.name | some rule in rules; _leads(rule, port, shown, others)]
	expected := sprintf("a NetworkPolicy that lets the pod reach port %v", [port])
	sentence := sprintf("reaches its datastore by %d rules of NetworkPolicies", [count(opened)])
}

observations contains parameters.missing(pod.metadata, "labels", "api_server_ports") if {
	not parameters.texts("api_server_ports")
	some connection in data.lib.datastore.connections
	pod := connection.container.pod
}

_leads(rule, port, _, _) if networks.opens(rule, port)

_leads(rule, _, shown, others) if {
	[shown, _to_pods(rule)] != [true, false]
	some entry in rule.ports
	number := entry.port
	not sprintf("%v", [number]) in others
}

_to_pods(rule) if {
	some peer in rule.peers
	some field in ["podSelector", "namespaceSelector"]
	peer[field]
} else := false

# Whether the rendering shows the whole URI, its port with it.
_shown(uri) if {
	is_string(uri)
	not contains(uri, "$(")
} else if {
	_ports(uri) != []
} else := false

# host:port as in every URI of the engines: user@host:port/…, tcp(host:port)/…
_ports(uri) := [to_number(found[1]) |
	is_string(uri)
	some found in regex.find_all_string_submatch_n(`[@(/][^@(/:]*:([0-9]{1,5})(?:[/)?]|$)`, uri, 1)
]

_port(connection) := ports[0] if {
	ports := _ports(connection.uri)
	ports != []
} else := object.get(_usual, connection.engine, 5432)

_usual := {"postgres": 5432, "cockroachdb": 26257, "mysql": 3306, "spanner": 443}

deny contains finding if some finding in observation.failures(observations)
