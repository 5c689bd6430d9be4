# METADATA
# title: Pools are large enough to work, and no smaller than they say
# description: >-
#   SpiceDB needs two connections for writing, as WriteSchema hangs with one, and one for reading; a size that it cannot read is
#   zero. Where the smallest size is above the largest, the smallest counts and the largest is no limit: neither is what was
#   meant.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set maxOpen of config.datastore.connectionPool.write to 2 or more and minOpen of each pool to no more than its maxOpen.
#   parameters: []
package datastore.pool_sizes

import data.lib.observation
import data.lib.pools
import data.lib.settings
import data.lib.spicedb
import rego.v1

observations contains observation.saying(server, field, sizes, expected, holds, sentence) if {
	some server in data.lib.pools.servers
	some pool in pools.of(server)
	field := spicedb.location(server, sprintf("SPICEDB_DATASTORE_CONN_POOL_%v_MAX_OPEN", [pool.kind]))
	sizes := [pool.min, pool.max]
	least := _least[pool.kind]
	expected := sprintf("from no more than the largest size to %d at least", [least])
	holds := _sound(sizes, least)
	sentence := sprintf("keeps from %v to %v connections for %v%v", [
		_shown(pool.min),
		_shown(pool.max),
		_purposes[pool.kind],
		settings.surely(server, data.lib.pools.names),
	])
}

_least := {"READ": 1, "WRITE": 2}

_purposes := {"READ": "reading", "WRITE": "writing"}

_sound([smallest, largest], least) if {
	is_number(smallest)
	is_number(largest)
	smallest <= largest
	largest >= least
} else := false

_shown(size) := "an invisible number" if {
	size == null
} else := size

deny contains finding if some finding in observation.failures(observations)
