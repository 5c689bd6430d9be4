# METADATA
# title: Every server asks its callers for a key
# description: >-
#   The preshared key is all that SpiceDB knows callers by. A server without one does not start, or, with an empty first key, lets
#   in who sends none. Each server must take it from somewhere: a Secret, or a file or envFrom, whose contents are not visible.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Put preshared_key into the Secret that existingSecret names.
#   parameters: []
package secrets.preshared_key

import data.lib.credentials
import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(server, field, shown, "a key", holds, sentence) if {
	some server in data.lib.spicedb.servers
	field := spicedb.location(server, _setting)
	value := spicedb.value(server, _setting)
	holds := _given(server, value)
	shown := _shown(server, value)
	sentence := sprintf("takes its preshared key from %v", [shown])
}

_setting := "SPICEDB_GRPC_PRESHARED_KEY"

default _given(_, _) := false

# A list whose every key is longer than nothing.
_given(_, value) if {
	is_string(value)
	every key in split(value, ",") {
		trim_space(key) != ""
	}
}

_given(server, null) if spicedb.hidden(server, _setting)

_shown(server, value) := "nowhere" if {
	value == null
	not spicedb.hidden(server, _setting)
} else := "what is not visible" if {
	value == null
} else := credentials.mask(value)

deny contains finding if some finding in observation.failures(observations)
