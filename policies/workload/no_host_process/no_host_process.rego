# METADATA
# title: No container runs as a process of a Windows node
# description: >-
#   windowsOptions.hostProcess runs a container on the Windows node itself, as privileged does on Linux.
#   Leaving it out is safe.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove securityContext.windowsOptions.hostProcess of the pod and its containers, or set it to false. The
#     chart never sets it.
#   parameters: []
#   pod_security: [baseline/windowsHostProcess]
package workload.no_host_process

import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", false, "and its containers are no processes of a Windows node")
}

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.all
		value := seen.context.windowsOptions.hostProcess
		value != null
		place := {
			"target": seen.target,
			"field": "securityContext.windowsOptions.hostProcess",
			"value": value,
			"holds": value == false,
		}
	]
]

deny contains finding if some finding in observation.failures(observations)
