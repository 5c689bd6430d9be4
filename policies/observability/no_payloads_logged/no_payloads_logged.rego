# METADATA
# title: Requests and responses are not logged
# description: >-
#   SpiceDB can write the payload of each request and response into its log: ids of subjects and resources, and the
#   context of caveats, which hold personal data in many systems, for everybody who may read logs. Both switches must be
#   off, as they are where nothing sets them. A switch whose value is taken from elsewhere counts as on.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Take grpc-log-requests-enabled and grpc-log-responses-enabled out of config.customFlags, and their variables out of
#     extraEnv.
#   parameters: []
package observability.no_payloads_logged

import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains spicedb.observed(server, name, "off", holds) if {
	some server in data.lib.spicedb.servers
	some name in ["SPICEDB_GRPC_LOG_REQUESTS_ENABLED", "SPICEDB_GRPC_LOG_RESPONSES_ENABLED"]
	holds := _off(server, name)
}

# A whole Secret or ConfigMap of variables might set them too; that is secrets.named_keys' to find.
_off(server, name) if {
	not spicedb.setting(server, name)
} else if {
	not spicedb.switched_on(server, name, false)
} else := false

deny contains finding if some finding in observation.failures(observations)
