# METADATA
# title: Logs can be read and tell no more than they must
# description: >-
#   At the levels debug and trace SpiceDB writes down details of calls, and so much that what matters is lost. Logs in
#   another format than JSON have to be taken apart before anything can search them. Server and migration must log at
#   info, which is the default, or above, and not in the format for people.
# custom:
#   severity: low
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.logLevel and config.migrations.logLevel to info, warn or error, and leave config.logFormat at json.
#   parameters: []
package observability.log_level

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains spicedb.observed(container, _level, "info or above", holds) if {
	some container in data.lib.spicedb.containers
	holds := _fits(container, _level, {"info", "warn", "error", "fatal", "panic"})
}

observations contains spicedb.observed(container, _format, "json, or auto", holds) if {
	some container in data.lib.spicedb.containers
	holds := _fits(container, _format, {"json", "auto"})
}

_level := "SPICEDB_LOG_LEVEL"

_format := "SPICEDB_LOG_FORMAT"

# Without a terminal, auto is JSON; both defaults are safe.
_fits(container, name, allowed) if {
	spicedb.value(container, name) in allowed
} else if {
	not spicedb.setting(container, name)
} else := false

warn contains finding if some finding in observation.failures(observations)
