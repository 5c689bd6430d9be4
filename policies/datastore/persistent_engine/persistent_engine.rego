# METADATA
# title: Relationships are stored in a database
# description: >-
#   With the memory engine, which SpiceDB takes when none is named, every pod has data of its own and loses it
#   when it stops. A server must name another engine.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set config.datastoreEngine to another than memory and give existingSecret a datastore_uri.
#   parameters: []
package datastore.persistent_engine

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains spicedb.observed(server, _setting, "an engine other than memory", holds) if {
	some server in data.lib.spicedb.servers
	value := spicedb.value(server, _setting)
	holds := _persistent(value)
}

_setting := "SPICEDB_DATASTORE_ENGINE"

default _persistent(_) := false

_persistent(engine) if {
	is_string(engine)
	not engine in {"", "memory"}
}

deny contains finding if some finding in observation.failures(observations)
