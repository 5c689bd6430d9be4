# METADATA
# title: Gateways speak TLS to SpiceDB
# description: >-
#   A Gateway speaks plaintext to a backend unless a BackendTLSPolicy says otherwise, whatever its own listener does.
#   Where a GRPCRoute or HTTPRoute leads to a listener of SpiceDB that has TLS, a BackendTLSPolicy must be for that
#   Service, or that port of it, with a host name and an authority to verify by; otherwise every call fails. For a
#   listener without TLS there must be none.
# custom:
#   severity: medium
#   kinds: [GRPCRoute, HTTPRoute]
#   remediation: Set gateway.backendTLS.caConfigMapName to a ConfigMap with the CA that issued SpiceDB's certificate.
#   parameters: []
package transport.route_tls

import data.lib.kubernetes
import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(seen.route, seen.field, policies, expected, holds, sentence) if {
	some seen in _backends
	policies := [policy.name | some policy in _policies; _is_for(policy, seen.port)]
	expected := {true: "a BackendTLSPolicy that verifies", false: "no BackendTLSPolicy"}[seen.secure]
	holds := (policies != []) == seen.secure
	sentence := sprintf("leads to a listener with%v TLS, for which there are %d policies that verify", [
		{true: "", false: "out"}[seen.secure],
		count(policies),
	])
}

# What routes lead to: {route, field, port (of a Service), secure (whether the listener behind it has TLS)}.
_backends := [backend |
	some kind in ["GRPCRoute", "HTTPRoute"]
	some route in kubernetes.of_kind("gateway.networking.k8s.io", kind)
	some number, rule in kubernetes.entries(kubernetes.map(route.object, "spec"), "rules")
	some index, reference in kubernetes.entries(kubernetes.as_map(rule), "backendRefs")
	some port in data.lib.ports.service_ports
	port.service.name == reference.name
	port.service.namespace == object.get(reference, "namespace", route.namespace)
	some own in port.service.ports
	own.port == reference.port
	own.name == port.name
	some landing in port.reached
	some server in data.lib.spicedb.servers
	server.subject == landing.subject
	some listener, properties in data.lib.tls.listeners
	properties.port == landing.port.number
	backend := {
		"route": route,
		"field": sprintf("spec.rules[%d].backendRefs[%d]", [number, index]),
		"port": port,
		"secure": tls.on(server, listener),
	}
]

# Each BackendTLSPolicy that names a host and an authority.
_policies := [object.union(policy, {"targets": kubernetes.entries(spec, "targetRefs")}) |
	some policy in kubernetes.of_kind("gateway.networking.k8s.io", "BackendTLSPolicy")
	spec := kubernetes.map(policy.object, "spec")
	validation := kubernetes.map(spec, "validation")
	kubernetes.text(validation, "hostname") != ""
	_has_authority(validation)
]

_has_authority(validation) if {
	kubernetes.entries(validation, "caCertificateRefs") != []
} else if {
	kubernetes.text(validation, "wellKnownCACertificates") != ""
}

_is_for(policy, port) if {
	policy.namespace == port.service.namespace
	some target in policy.targets
	target.kind == "Service"
	target.name == port.service.name
	object.get(target, "sectionName", port.name) == port.name
}

deny contains finding if some finding in observation.failures(observations)
