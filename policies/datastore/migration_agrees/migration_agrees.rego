# METADATA
# title: Migration and server mean the same datastore
# description: >-
#   A migration that runs with another image, engine, datastore or TLS setting than the server migrates
#   something else, or fails where the server would not. Each setting of the migration is compared with the
#   server's in the same namespace. A URI that is written out must be the same for both, with the same password.
#   One from a Secret, or from a file of one, may come from another Secret or key than the server's, so that a migration can have a
#   login with more rights: whether both then mean the same datastore is not visible, and the message says so.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Give the migration Job the server's image and datastore settings. The chart makes both from the same
#     values.
#   parameters: []
package datastore.migration_agrees

import data.lib.credentials
import data.lib.datastore
import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(migration, "args", null, "a server in the same namespace", false, sentence) if {
	some migration in data.lib.spicedb.migrations
	_servers(migration) == []
	sentence := "has no server in the rendering to agree with"
}

observations contains observation.of(migration, "image", value, expected, value == expected) if {
	some migration in data.lib.spicedb.migrations
	some server in _servers(migration)
	value := object.get(migration.spec, "image", null)
	expected := object.get(server.spec, "image", null)
}

observations contains observation.saying(migration, field, own, theirs, holds, sentence) if {
	some migration in data.lib.spicedb.migrations
	some server in _servers(migration)
	field := spicedb.location(migration, data.lib.datastore.uri_setting)
	own := datastore.uri_source(migration)
	theirs := datastore.uri_source(server)
	holds := _same_source(migration, server)
	sentence := _sentence(own, theirs)
}

observations contains spicedb.observed(migration, name, credentials.safe(expected), holds) if {
	some migration in data.lib.spicedb.migrations
	some server in _servers(migration)
	some name in _named_by_either(migration, server)
	expected := spicedb.value(server, name)
	holds := _same(migration, server, name)
}

_servers(migration) := [server |
	some server in data.lib.spicedb.servers
	server.pod.namespace == migration.pod.namespace
]

_named_by_either(migration, server) := {name |
	some name in _shared
	some container in [migration, server]
	container.settings[name] >= 0
} | {"SPICEDB_DATASTORE_ENGINE"}

_shared := [
	"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME",
	"SPICEDB_DATASTORE_MYSQL_TABLE_PREFIX",
	"SPICEDB_DATASTORE_SPANNER_CREDENTIALS",
	"GOOGLE_APPLICATION_CREDENTIALS",
	"PGSSLMODE",
	"PGSSLROOTCERT",
	"PGSSLCERT",
	"PGSSLKEY",
	"PGPASSWORD",
	"SSL_CERT_FILE",
]

_same(migration, server, name) if {
	one := spicedb.setting(migration, name)
	other := spicedb.setting(server, name)
	[one.value, one.from] == [other.value, other.from]
} else := false

_same_source(migration, server) if {
	own := datastore.uri_source(migration)
	theirs := datastore.uri_source(server)
	own.kind == theirs.kind
	own.kind in _kept_secret
} else if {
	own := spicedb.value(migration, data.lib.datastore.uri_setting)
	own != null
	own == spicedb.value(server, data.lib.datastore.uri_setting)
	datastore.uri_references(migration) == datastore.uri_references(server)
} else := false

# A file is one of a Secret.
_kept_secret := {"Secret", "file"}

_sentence(own, theirs) := "takes the datastore's URI from another Secret than the server, so that it is not visible whether both mean the same datastore" if {
	own.kind == theirs.kind
	own.kind in _kept_secret
	own.name != theirs.name
} else := sprintf("takes the datastore's URI from a source of kind %v, the server from %v", [own.kind, theirs.kind])

deny contains finding if some finding in observation.failures(observations)
