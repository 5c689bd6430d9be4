# METADATA
# title: Old revisions are collected, but not those that are still read
# description: >-
#   With PostgreSQL and MySQL SpiceDB deletes what no revision within the window needs. A window no longer than the age of the
#   revisions that it answers from makes reads fail; an interval of zero, or one that SpiceDB cannot read, deletes nothing, and
#   what was taken away stays in the database for ever. A server that only reads collects nothing.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set config.datastore.gc.window to minutes or more, and config.datastore.gc.interval above zero, each with its unit.
#   parameters: []
package datastore.garbage_collection

import data.lib.observation
import data.lib.settings
import data.lib.spicedb
import data.lib.staleness
import rego.v1

observations contains observation.saying(server, field, window, expected, holds, sentence) if {
	some server in _collecting
	field := spicedb.location(server, _window)
	window := settings.seconds(server, _window)
	age := staleness.seconds(server)
	expected := sprintf("above %v", [observation.shown(age)])
	holds := _above(window, age)
	sentence := sprintf("keeps revisions for %v seconds and answers from %v seconds ago%v", [
		observation.shown(window),
		observation.shown(age),
		settings.surely(server, [_window]),
	])
}

observations contains observation.saying(server, field, interval, "above 0", holds, sentence) if {
	some server in _collecting
	field := spicedb.location(server, _interval)
	interval := settings.seconds(server, _interval)
	holds := _above(interval, 0)
	sentence := sprintf("collects old revisions every %v seconds%v", [
		observation.shown(interval),
		settings.surely(server, [_interval]),
	])
}

_window := "SPICEDB_DATASTORE_GC_WINDOW"

_interval := "SPICEDB_DATASTORE_GC_INTERVAL"

_collecting := [server |
	some server in data.lib.spicedb.servers
	spicedb.value(server, "SPICEDB_DATASTORE_ENGINE") in {"postgres", "mysql"}
	not spicedb.switched_on(server, "SPICEDB_DATASTORE_READONLY", false)
]

_above(seconds, least) := seconds > least if {
	is_number(seconds)
	is_number(least)
} else := false

deny contains finding if some finding in observation.failures(observations)
