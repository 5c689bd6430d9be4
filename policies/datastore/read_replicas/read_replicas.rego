# METADATA
# title: Read replicas are of the server's datastore
# description: >-
#   Only PostgreSQL and MySQL have read replicas, sixteen at most; another engine refuses them. SpiceDB does not give a replica the
#   primary's provider of credentials: where the primary's password is a token of RDS, the replicas' must be, too, or SpiceDB asks
#   them with none. A server without replicas reads from its primary.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Leave config.datastore.readReplicas empty, or use an engine that has them; give each replica the primary's way of
#     authentication (SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME).
#   parameters: []
package datastore.read_replicas

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(server, field, count(replicas), expected, holds, sentence) if {
	some server in data.lib.spicedb.servers
	replicas := _replicas(server)
	field := spicedb.location(server, _uri)
	engine := spicedb.value(server, "SPICEDB_DATASTORE_ENGINE")
	expected := sprintf("at most %d", [_most(engine)])
	holds := count(replicas) <= _most(engine)
	sentence := sprintf("reads from %d replicas of a datastore of the engine %v", [count(replicas), observation.shown(engine)])
}

observations contains spicedb.observed(server, _provider, expected, holds) if {
	some server in data.lib.spicedb.servers
	_replicas(server) != []
	expected := spicedb.value(server, "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME")
	holds := object.get(server.values, _provider, "") == object.get(server.values, "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME", "")
}

_uri := "SPICEDB_DATASTORE_READ_REPLICA_CONN_URI"

_provider := "SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME"

# A flag may stand several times, once for each replica.
_replicas(server) := [source | some source in server.sources; source.name == _uri]

_most(engine) := 16 if {
	engine in {"postgres", "mysql"}
} else := 0

deny contains finding if some finding in observation.failures(observations)
