# METADATA
# title: SpiceDB is probed for start, readiness and life
# description: >-
#   Without a readiness probe clients are sent to pods that cannot answer yet; without a liveness probe a hung
#   process stays; without a startup probe the liveness probe kills pods that wait for a migration.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Give the container startupProbe, readinessProbe and livenessProbe. The chart always does.
#   parameters: []
package availability.probes

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(server, probe, handlers, "one handler", holds, sentence) if {
	some server in data.lib.spicedb.servers
	some probe in ["startupProbe", "readinessProbe", "livenessProbe"]
	settings := kubernetes.map(server.spec, probe)
	handlers := [handler |
		some handler in ["exec", "grpc", "httpGet", "tcpSocket"]
		is_object(settings[handler])
	]
	holds := count(handlers) == 1
	sentence := sprintf("has a %v with %d handlers", [probe, count(handlers)])
}

deny contains finding if some finding in observation.failures(observations)
