# METADATA
# title: A permission that was taken away is gone soon
# description: >-
#   Unless a caller asks for more, SpiceDB answers from a revision of some time ago: at most the quantization interval, longer by
#   its share of staleness, and, with CockroachDB or where it is set, the delay of follower reads. Their sum must not be above the
#   parameter max_staleness_seconds, after which every answer knows what was written. Seconds that are not visible are not taken for
#   few.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Lower config.datastore.revisionQuantizationInterval and config.datastore.followerReadDelay.
#   parameters: [max_staleness_seconds]
package datastore.bounded_staleness

import data.lib.observation
import data.lib.parameters
import data.lib.settings
import data.lib.spicedb
import data.lib.staleness
import rego.v1

observations contains observation.saying(server, field, seconds, expected, holds, sentence) if {
	most := parameters.number("max_staleness_seconds")
	some server in data.lib.spicedb.servers
	field := spicedb.location(server, "SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL")
	seconds := staleness.seconds(server)
	expected := sprintf("at most %v", [most])
	holds := _within(seconds, most)
	sentence := sprintf("answers from at most %v seconds ago%v", [
		observation.shown(seconds),
		settings.surely(server, data.lib.staleness.names),
	])
}

observations contains parameters.missing_number(server, "env", "max_staleness_seconds") if {
	not parameters.number("max_staleness_seconds")
	some server in data.lib.spicedb.servers
}

_within(seconds, most) := seconds <= most if {
	is_number(seconds)
} else := false

deny contains finding if some finding in observation.failures(observations)
