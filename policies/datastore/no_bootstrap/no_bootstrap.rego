# METADATA
# title: No server writes a bootstrap file over its datastore
# description: >-
#   A bootstrap file is for tests: a server does not start if the datastore holds data already, and with
#   SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE each pod that starts deletes everything first. A server with a database must have neither;
#   the memory engine may.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Leave config.bootstrap empty, and write schema and relationships through the API.
#   parameters: []
package datastore.no_bootstrap

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(server, field, names, [], names == [], sentence) if {
	some server in data.lib.spicedb.servers
	not spicedb.value(server, "SPICEDB_DATASTORE_ENGINE") in {"memory", ""}
	server.settings.SPICEDB_DATASTORE_ENGINE >= 0
	names := [name | some name in _settings; _given(server, name)]
	field := _place(server, names)
	sentence := sprintf("writes over its datastore by %d settings", [count(names)])
}

_settings := ["SPICEDB_DATASTORE_BOOTSTRAP_FILES", "SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE"]

# What cannot be seen may be a file.
_given(server, "SPICEDB_DATASTORE_BOOTSTRAP_FILES") if {
	server.settings.SPICEDB_DATASTORE_BOOTSTRAP_FILES >= 0
	spicedb.value(server, "SPICEDB_DATASTORE_BOOTSTRAP_FILES") != ""
}

_given(server, "SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE") if {
	server.settings.SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE >= 0
	spicedb.switched_on(server, "SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE", false)
}

_place(_, []) := "env"

_place(server, names) := spicedb.location(server, names[0]) if names != []

deny contains finding if some finding in observation.failures(observations)
