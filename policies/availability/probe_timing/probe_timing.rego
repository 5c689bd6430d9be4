# METADATA
# title: Probes have the time that they need
# description: >-
#   Kubernetes gives a probe one second unless told otherwise. grpc_health_probe may take its connect timeout and its rpc
#   timeout together, a second each by default, and a probe that is cut off counts as failed: under load healthy pods
#   are killed. And a liveness probe that gives up before the readiness probe does restarts a pod that would have been
#   taken out of service first.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set timeoutSeconds to no less than -connect-timeout and -rpc-timeout together, and failureThreshold x periodSeconds
#     of the liveness probe to no less than the readiness probe's. The chart does both.
#   parameters: []
package availability.probe_timing

import data.lib.kubernetes
import data.lib.observation
import data.lib.quantities
import rego.v1

observations contains observation.saying(server, field, given, needed, holds, sentence) if {
	some server in data.lib.spicedb.servers
	some probe in ["startupProbe", "readinessProbe", "livenessProbe"]
	settings := kubernetes.map(server.spec, probe)
	command := kubernetes.texts(kubernetes.map(settings, "exec"), "command")
	regex.match(`(^|/)grpc_health_probe$`, command[0])
	needed := _timeout(command, "connect-timeout=") + _timeout(command, "rpc-timeout=")
	given := _number(settings, "timeoutSeconds", 1)
	holds := given >= needed
	field := concat(".", [probe, "timeoutSeconds"])
	sentence := sprintf("gives a %v that may take %v seconds %v", [probe, needed, given])
}

observations contains observation.saying(server, "livenessProbe.failureThreshold", patience, expected, holds, sentence) if {
	some server in data.lib.spicedb.servers
	is_object(server.spec.livenessProbe)
	is_object(server.spec.readinessProbe)
	patience := _patience(server.spec.livenessProbe)
	expected := _patience(server.spec.readinessProbe)
	holds := patience >= expected
	sentence := sprintf("restarts a pod after %v seconds, and takes it out of service after %v", [patience, expected])
}

_patience(probe) := _number(probe, "failureThreshold", 3) * _number(probe, "periodSeconds", 10)

_number(settings, field, otherwise) := settings[field] if {
	is_number(settings[field])
} else := otherwise

_timeout(command, flag) := found[0] if {
	found := [seconds |
		some word in command
		bare := trim_left(word, "-")
		startswith(bare, flag)
		seconds := quantities.seconds(trim_prefix(bare, flag))
	]
	found != []
} else := 1

deny contains finding if some finding in observation.failures(observations)
