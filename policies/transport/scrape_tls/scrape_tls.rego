# METADATA
# title: Metrics are scraped over TLS and verified
# description: >-
#   A monitor that speaks another protocol than the metrics listener gets nothing; one that does not verify the
#   certificate gets the metrics of whoever answers. Where an endpoint of a monitor reaches a server's metrics, its
#   scheme must be https exactly if the listener has TLS, and then it must name a CA and not skip verification.
# custom:
#   severity: medium
#   kinds: [ServiceMonitor, PodMonitor]
#   remediation: >-
#     Set monitoring.tls.caSecretName to the Secret with the CA of the metrics certificate; the chart sets the scheme.
#   parameters: []
package transport.scrape_tls

import data.lib.kubernetes
import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(seen.endpoint.monitor, field, scheme, expected, scheme == expected, sentence) if {
	some seen in _scraped
	field := concat(".", [seen.endpoint.field, "scheme"])
	scheme := lower(_scheme(seen.endpoint.spec))
	expected := {true: "https", false: "http"}[seen.secure]
	sentence := sprintf("scrapes by %v a listener with%v TLS", [scheme, {true: "", false: "out"}[seen.secure]])
}

observations contains observation.saying(seen.endpoint.monitor, field, shown, "a CA, and verification", holds, sentence) if {
	some seen in _scraped
	seen.secure
	field := concat(".", [seen.endpoint.field, "tlsConfig"])
	settings := kubernetes.map(seen.endpoint.spec, "tlsConfig")
	shown := object.filter(settings, ["ca", "caFile", "insecureSkipVerify"])
	holds := _verifies(settings)
	sentence := sprintf("%v the certificate of what it scrapes", [{true: "verifies", false: "does not verify"}[holds]])
}

# What reaches the metrics of a server: {endpoint, secure}.
_scraped := [{"endpoint": endpoint, "secure": tls.on(server, "metrics")} |
	some endpoint in data.lib.monitors.endpoints
	some landing in endpoint.reached
	landing.port.number == data.lib.tls.listeners.metrics.port
	some server in data.lib.spicedb.servers
	server.subject == landing.subject
	tls.listens(server, "metrics")
]

_scheme(settings) := settings.scheme if {
	is_string(settings.scheme)
} else := "http"

default _verifies(_) := false

_verifies(settings) if {
	object.get(settings, "insecureSkipVerify", false) == false
	some field in ["ca", "caFile"]
	not object.get(settings, field, "") in {"", null, {}}
}

deny contains finding if some finding in observation.failures(observations)
