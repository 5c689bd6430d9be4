# METADATA
# title: Ingresses and routes are for named hosts
# description: >-
#   An Ingress or route without a host answers for every name that reaches the controller: whoever sends another name
#   in the request gets to SpiceDB as well, past what is said of names elsewhere. Each rule of an Ingress, and each
#   GRPCRoute, HTTPRoute and TLSRoute, must name its hosts, and no Ingress may send the rest to a default backend.
# custom:
#   severity: medium
#   kinds: [Ingress, GRPCRoute, HTTPRoute, TLSRoute]
#   remediation: >-
#     Name the hosts in ingress.grpc.hosts and ingress.http.hosts, or in gateway.grpcRoute.hostnames and
#     gateway.httpRoute.hostnames.
#   parameters: []
package network.hosts_named

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(ingress, field, host, "the name of a host", _names(host), sentence) if {
	some ingress in _ingresses
	some index, rule in kubernetes.entries(kubernetes.map(ingress.object, "spec"), "rules")
	host := object.get(kubernetes.as_map(rule), "host", null)
	field := sprintf("spec.rules[%d].host", [index])
	sentence := sprintf("answers for %v", [_shown(host)])
}

observations contains observation.saying(ingress, "spec.defaultBackend", backend, null, backend == null, sentence) if {
	some ingress in _ingresses
	backend := object.get(kubernetes.map(ingress.object, "spec"), "defaultBackend", null)
	sentence := sprintf("sends what no rule is for to %v", [{true: "nobody", false: "a default backend"}[backend == null]])
}

observations contains observation.saying(route, "spec.hostnames", hosts, "the names of hosts", holds, sentence) if {
	some kind in ["GRPCRoute", "HTTPRoute", "TLSRoute"]
	some route in kubernetes.of_kind("gateway.networking.k8s.io", kind)
	hosts := kubernetes.entries(kubernetes.map(route.object, "spec"), "hostnames")
	unnamed := [host | some host in hosts; not _names(host)]
	holds := [hosts == [], unnamed] == [false, []]
	sentence := sprintf("is for %d host names, of which %d name no host", [count(hosts), count(unnamed)])
}

_ingresses := kubernetes.of_kind("networking.k8s.io", "Ingress")

_names(host) if {
	is_string(host)
	not host in {"", "*"}
} else := false

_shown(host) := "every host" if {
	not _names(host)
} else := observation.shown(host)

deny contains finding if some finding in observation.failures(observations)
