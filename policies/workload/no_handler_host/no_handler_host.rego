# METADATA
# title: Probes and hooks speak to their own pod
# description: >-
#   The host of an HTTP or TCP probe or lifecycle hook makes the kubelet send requests from the node to any
#   address: a way to reach what the pod itself may not. Pod Security forbids it from Kubernetes 1.34 on; for
#   older versions it is no failure.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove host from httpGet and tcpSocket of probes, postStart and preStop; Kubernetes then asks the pod.
#     The chart sets none.
#   parameters: [kubernetes_version]
#   pod_security: [baseline/hostProbesAndHostLifecycle]
package workload.no_handler_host

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "containers", _expected, "has no probe or hook with a host of its own")
}

observations contains made if some made in data.lib.pod_security.unjudged

_expected := "no host, from Kubernetes 1.34 on"

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.containers
		some holder, handler in _handlers(seen.spec)
		some action in ["httpGet", "tcpSocket"]
		host := handler[action].host
		not host in {null, ""}
		field := concat(".", [holder, action, "host"])
		place := {"target": seen.target, "field": field, "value": host, "holds": data.lib.pod_security.minor < 34}
	]
]

_handlers(spec) := object.union(
	object.filter(spec, {"livenessProbe", "readinessProbe", "startupProbe"}),
	{concat(".", ["lifecycle", hook]): handler | some hook, handler in kubernetes.map(spec, "lifecycle")},
)

deny contains finding if some finding in observation.failures(observations)
