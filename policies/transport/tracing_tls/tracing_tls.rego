# METADATA
# title: Traces leave over TLS
# description: >-
#   A trace names the resources and subjects of the checks that it is about. Where a server sends traces, it must not be
#   told to send them in plaintext: SPICEDB_OTEL_INSECURE is off, and the endpoint is not an http address. A provider
#   whose name is taken from elsewhere counts as one.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set config.tracing.insecure to false, and give the collector a certificate.
#   parameters: []
package transport.tracing_tls

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(server, field, provider, "no provider, or TLS", true, "sends no traces") if {
	some server in data.lib.spicedb.servers
	not _sends(server)
	provider := spicedb.value(server, _provider)
	field := spicedb.location(server, _provider)
}

observations contains observation.saying(server, field, insecure, "off, and no http address", holds, sentence) if {
	some server in data.lib.spicedb.servers
	_sends(server)
	insecure := spicedb.value(server, _insecure)
	field := spicedb.location(server, _insecure)
	holds := _secure(server)
	sentence := sprintf("sends traces %v", [{true: "over TLS", false: "in plaintext"}[holds]])
}

_provider := "SPICEDB_OTEL_PROVIDER"

_insecure := "SPICEDB_OTEL_INSECURE"

# A whole Secret or ConfigMap of variables might name a provider too; that is secrets.named_keys' to find.
_sends(server) if {
	source := spicedb.setting(server, _provider)
	source.from != null
} else if {
	not spicedb.value(server, _provider) in {null, "", "none"}
}

_secure(server) := false if {
	spicedb.switched_on(server, _insecure, false)
} else := false if {
	endpoint := spicedb.value(server, "SPICEDB_OTEL_ENDPOINT")
	is_string(endpoint)
	startswith(endpoint, "http://")
} else := true

deny contains finding if some finding in observation.failures(observations)
