# METADATA
# title: SpiceDB calls nobody unasked
# description: >-
#   Unless told otherwise SpiceDB sends statistics to its maker and asks GitHub for a newer release: connections to the
#   outside that nobody decided on. Telemetry must be switched off by an empty endpoint or go to an https address that
#   is written out, and the check for releases must be switched off, for server and migration.
# custom:
#   severity: low
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Leave config.telemetry.enabled false, or set config.telemetry.endpoint to an https address of your own. The chart
#     always switches the check for releases off.
#   parameters: []
package network.outside_calls

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains spicedb.observed(server, _telemetry, "nothing, or an https address", holds) if {
	some server in data.lib.spicedb.servers
	holds := _decided(spicedb.value(server, _telemetry))
}

observations contains spicedb.observed(container, _release_check, true, holds) if {
	some container in data.lib.spicedb.containers
	holds := spicedb.value(container, _release_check) in {"1", "t", "T", "TRUE", "true", "True"}
}

_telemetry := "SPICEDB_TELEMETRY_ENDPOINT"

_release_check := "SPICEDB_SKIP_RELEASE_CHECK"

default _decided(_) := false

_decided("") := true

_decided(endpoint) if {
	is_string(endpoint)
	startswith(endpoint, "https://")
}

warn contains finding if some finding in observation.failures(observations)
