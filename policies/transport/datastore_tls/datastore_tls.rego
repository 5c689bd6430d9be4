# METADATA
# title: The connection to the datastore verifies the server
# description: >-
#   Without sslmode PostgreSQL's drivers fall back to plaintext in silence, and every mode but verify-full
#   accepts any server. verify-full and a CA are asked of server and migration Job, in the URI where the
#   rendering shows it, else in PGSSLMODE and PGSSLROOTCERT. A URI in a Secret that is not rendered may still
#   override them, and the message says so. MySQL's driver verifies with tls=true, which must be visible in the
#   URI; Spanner's client always verifies, unless it is sent to an emulator.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.tls.datastore.enabled and config.tls.datastore.secretName, and leave sslmode out of the
#     datastore's URI. Spanner needs neither.
#   parameters: []
package transport.datastore_tls

import data.lib.credentials
import data.lib.datastore
import data.lib.observation
import rego.v1

observations contains observation.saying(connection.container, mode.field, shown, expected, holds, sentence) if {
	some connection in data.lib.datastore.connections
	mode := connection.mode
	shown := credentials.safe(mode.value)
	holds := _verifies(connection.engine, mode.value)
	expected := _expected(connection.engine)
	sentence := _mode_sentence(connection)
}

observations contains observation.saying(connection.container, root.field, shown, expected, holds, sentence) if {
	some connection in data.lib.datastore.connections
	datastore.speaks_postgres(connection.engine)
	root := connection.root_certificate
	shown := credentials.safe(root.value)
	expected := "the path of the CA's certificate"
	holds := _named(root.value)
	sentence := _sentence(connection, "sslrootcert", root)
}

default _verifies(_, _) := false

_verifies(engine, "verify-full") if datastore.speaks_postgres(engine)

# As Go's driver reads them; every other word is a mode that verifies nothing, or no mode.
_verifies("mysql", value) if value in {"1", "true", "TRUE", "True"}

_verifies("spanner", null) := true

_expected("mysql") := "true"

_expected("spanner") := null

_expected(engine) := "verify-full" if not engine in {"mysql", "spanner"}

_mode_sentence(connection) := _sentence(connection, "sslmode", connection.mode) if {
	not connection.engine in {"mysql", "spanner"}
} else := "always connects to Spanner over TLS and verifies it" if {
	connection.engine == "spanner"
	connection.mode.value == null
} else := sprintf("sends what is meant for Spanner to an emulator, %v, in plaintext", [credentials.safe(connection.mode.value)]) if {
	connection.engine == "spanner"
} else := sprintf("has tls %v by the URI", [credentials.safe(connection.mode.value)]) if {
	connection.mode.value != null
} else := "shows no tls for engine mysql: whether the server is verified is not visible"

default _named(_) := false

_named(path) if {
	is_string(path)
	path != ""
}

_sentence(connection, parameter, seen) := sprintf("shows no %v for engine %v: whether the server is verified is not visible", [
	parameter,
	credentials.safe(connection.engine),
]) if {
	seen.value == null
} else := sprintf("has %v %v by %v", [parameter, credentials.safe(seen.value), seen.place]) if {
	connection.uri != null
} else := sprintf("has %v %v by %v, unless the URI, which is not visible, overrides it", [
	parameter,
	credentials.safe(seen.value),
	seen.place,
])

deny contains finding if some finding in observation.failures(observations)
