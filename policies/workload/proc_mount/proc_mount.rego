# METADATA
# title: /proc is masked, or the pod has users of its own
# description: >-
#   Container runtimes hide parts of /proc that show or change the kernel. procMount Unmasked shows them; Pod
#   Security's level baseline forbids it, and from Kubernetes 1.35 on allows it in a pod with a user namespace
#   of its own (hostUsers false). Leaving it out is safe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove securityContext.procMount of the container, or set it to Default. The chart never sets it.
#   parameters: [kubernetes_version]
#   pod_security: [baseline/procMount]
package workload.proc_mount

import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "containers", "Default", "masks /proc for its containers as by default")
}

observations contains made if some made in data.lib.pod_security.unjudged

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.containers
		type := seen.context.procMount
		type != null
		place := {"target": seen.target, "field": "securityContext.procMount", "value": type, "holds": _masked(type, setting.pod)}
	]
]

_masked("Default", _) := true

_masked(type, pod) := relaxed if {
	type != "Default"
	own := [object.get(pod.spec, "hostUsers", true), data.lib.pod_security.knows_user_namespaces]
	relaxed := own == [false, true]
}

deny contains finding if some finding in observation.failures(observations)
