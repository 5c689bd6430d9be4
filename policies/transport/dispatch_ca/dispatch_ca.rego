# METADATA
# title: Both sides of dispatch agree
# description: >-
#   SpiceDB's dispatch client is on where it has an upstream address, and speaks TLS and verifies the server
#   exactly where it is given a CA. The server has a switch, a certificate and a key of its own. Where the two
#   sides differ, every dispatched check hangs or fails while all pods stay ready.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.dispatch.upstreamCASecretName exactly when dispatch has TLS; config.dispatch.enabled switches
#     client and server together.
#   parameters: []
package transport.dispatch_ca

import data.lib.observation
import data.lib.spicedb
import data.lib.tls
import rego.v1

observations contains spicedb.observed(server, _ca, expected, holds) if {
	some server in data.lib.spicedb.servers
	_dispatches(server)
	expected := _expected_ca[_has_tls(server)]
	holds := [_has_tls(server), tls.given(server, _ca), _unset(server, _ca)] in [[true, true, false], [false, false, true]]
}

observations contains spicedb.observed(server, _address, expected, holds) if {
	some server in data.lib.spicedb.servers
	_dispatches(server)
	expected := _expected_address[_listens(server)]
	holds := [_listens(server), tls.given(server, _address), _unset(server, _address)] in [[true, true, false], [false, false, true]]
}

_ca := "SPICEDB_DISPATCH_UPSTREAM_CA_PATH"

_address := "SPICEDB_DISPATCH_UPSTREAM_ADDR"

_dispatches(server) if {
	tls.listens(server, "dispatch")
} else if {
	not _unset(server, _address)
}

_expected_ca := {
	true: "the path of the CA's certificate, as the dispatch server has TLS",
	false: "no CA, as no dispatch server has TLS",
}

_expected_address := {
	true: "an address, as the dispatch server listens",
	false: "no address, as no dispatch server listens",
}

_listens(server) if {
	tls.listens(server, "dispatch")
} else := false

_has_tls(server) if {
	tls.listens(server, "dispatch")
	tls.on(server, "dispatch")
} else := false

# SpiceDB takes an empty value as none.
_unset(server, name) if {
	server.values[name] == ""
} else := false if {
	spicedb.hidden(server, name)
} else := false if {
	spicedb.setting(server, name)
} else := true

deny contains finding if some finding in observation.failures(observations)
