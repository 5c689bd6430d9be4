# METADATA
# title: Pools of connections to the datastore
# description: >-
#   PostgreSQL and CockroachDB have a pool for reading and one for writing, MySQL the one for reading alone; Spanner and memory
#   have none. A pool whose smallest size is above its largest has the smallest.
package lib.pools

import data.lib.settings
import data.lib.spicedb
import rego.v1

servers := [server |
	some server in data.lib.spicedb.servers
	spicedb.value(server, "SPICEDB_DATASTORE_ENGINE") in {"postgres", "cockroachdb", "mysql"}
]

# {kind, max, min}, the sizes null where they are not visible.
of(server) := [pool |
	some kind in _kinds[spicedb.value(server, "SPICEDB_DATASTORE_ENGINE")]
	pool := {
		"kind": kind,
		"max": settings.number(server, sprintf("SPICEDB_DATASTORE_CONN_POOL_%v_MAX_OPEN", [kind])),
		"min": settings.number(server, sprintf("SPICEDB_DATASTORE_CONN_POOL_%v_MIN_OPEN", [kind])),
	}
]

# Of all pools of a server; null where one is not visible.
connections(server) := total if {
	pools := of(server)
	[pool | some pool in pools; null in [pool.max, pool.min]] == []
	total := sum([max([pool.max, pool.min]) | some pool in pools])
} else := null

# Where the size is set, or would be.
field(server) := spicedb.location(server, "SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN")

names := [sprintf("SPICEDB_DATASTORE_CONN_POOL_%v_%v_OPEN", [kind, end]) |
	some kind in ["READ", "WRITE"]
	some end in ["MAX", "MIN"]
]

_kinds := {
	"postgres": ["READ", "WRITE"],
	"cockroachdb": ["READ", "WRITE"],
	"mysql": ["READ"],
}
