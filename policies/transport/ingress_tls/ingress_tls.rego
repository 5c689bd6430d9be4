# METADATA
# title: Ingresses speak TLS, on both sides
# description: >-
#   What comes in through an Ingress carries the preshared key. Each host must be covered by an entry of spec.tls
#   that names a Secret. Where annotations say which protocol the controller speaks to SpiceDB (ingress-nginx,
#   Contour, Traefik), it must be one with TLS exactly if SpiceDB's listener has TLS: a mismatch fails every call.
# custom:
#   severity: high
#   kinds: [Ingress]
#   remediation: >-
#     Set ingress.grpc.tlsSecretName and ingress.http.tlsSecretName, and ingress.controller to the controller in use.
#   parameters: []
package transport.ingress_tls

import data.lib.kubernetes
import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(ingress, field, host, _covered_host, holds, sentence) if {
	some ingress in _ingresses
	some index, rule in ingress.rules
	host := kubernetes.text(kubernetes.as_map(rule), "host")
	field := sprintf("spec.rules[%d].host", [index])
	holds := _covered(ingress.covered, host)
	sentence := sprintf("serves %v with%v", [observation.shown(host), _certificate(holds)])
}

observations contains observation.saying(ingress, "spec.tls", count(ingress.covered), "an entry with a Secret", holds, sentence) if {
	some ingress in _ingresses
	ingress.rules == []
	holds := count(ingress.covered) > 0
	sentence := sprintf("serves every host with%v", [_certificate(holds)])
}

observations contains observation.saying(backend.ingress, backend.field, protocol, _fitting, holds, sentence) if {
	some backend in _backends
	some protocol in backend.protocols
	listener := _listeners[backend.landing.port.number]
	some server in data.lib.spicedb.servers
	server.subject == backend.landing.subject
	secure := tls.on(server, listener)
	holds := _speaks_tls(protocol) == secure
	sentence := sprintf("leads by the protocol %v to a listener with%v", [protocol, _certificate(secure)])
}

_covered_host := "a host of an entry of spec.tls with a Secret"

_fitting := "a protocol with TLS if the listener has TLS"

default _speaks_tls(_) := false

_speaks_tls(protocol) if protocol in {"GRPCS", "HTTPS", "h2", "https", "tls"}

_listeners := {properties.port: name | some name, properties in data.lib.tls.listeners}

_certificate(true) := " TLS"

_certificate(false) := "out TLS"

# An Ingress with its `rules` and the host names that an entry of spec.tls with a Secret is for; "*" is for all.
_ingresses := [ingress |
	some resource in kubernetes.of_kind("networking.k8s.io", "Ingress")
	spec := kubernetes.map(resource.object, "spec")
	ingress := object.union(resource, {
		"rules": kubernetes.entries(spec, "rules"),
		"covered": [host |
			some entry in kubernetes.entries(spec, "tls")
			kubernetes.text(kubernetes.as_map(entry), "secretName") != ""
			some host in _hosts(kubernetes.texts(entry, "hosts"))
		],
	})
]

_hosts(named) := named if {
	named != []
} else := ["*"]

default _covered(_, _) := false

_covered(covered, host) if {
	some name in covered
	_fits(name, host)
}

_fits("*", _) := true

_fits(name, host) if name == host

_fits(name, host) if {
	startswith(name, "*.")
	suffix := substring(name, 1, -1)
	endswith(host, suffix)
	not contains(trim_suffix(host, suffix), ".")
}

# Each declared port that an Ingress leads to, with the protocols that annotations name for the way there.
_backends := [backend |
	some ingress in _ingresses
	some number, rule in ingress.rules
	http := kubernetes.map(kubernetes.as_map(rule), "http")
	some index, entry in kubernetes.entries(http, "paths")
	reference := kubernetes.map(kubernetes.map(kubernetes.as_map(entry), "backend"), "service")
	some port in data.lib.ports.service_ports
	port.service.namespace == ingress.namespace
	port.service.name == kubernetes.text(reference, "name")
	_meant(kubernetes.map(reference, "port"), port)
	some landing in port.reached
	backend := {
		"ingress": ingress,
		"field": sprintf("spec.rules[%d].http.paths[%d].backend", [number, index]),
		"landing": landing,
		"protocols": array.concat(_of_nginx(_annotations(ingress)), _of_services(_annotations(port.service), port.name)),
	}
]

_meant(wanted, port) if {
	wanted.name == port.name
} else if {
	some own in port.service.ports
	own.name == port.name
	own.port == wanted.number
}

_annotations(resource) := kubernetes.map(kubernetes.map(resource.object, "metadata"), "annotations")

_of_nginx(annotations) := [protocol |
	protocol := kubernetes.text(annotations, "nginx.ingress.kubernetes.io/backend-protocol")
	protocol != ""
]

# Traefik and Contour read them from the Service; Contour lists the ports of each protocol.
_of_services(annotations, port) := array.concat(
	[protocol |
		protocol := kubernetes.text(annotations, "traefik.ingress.kubernetes.io/service.serversscheme")
		protocol != ""
	],
	[protocol |
		some protocol in ["h2", "h2c", "tls"]
		named := kubernetes.text(annotations, concat(".", ["projectcontour.io/upstream-protocol", protocol]))
		port in split(named, ",")
	],
)

deny contains finding if some finding in observation.failures(observations)
