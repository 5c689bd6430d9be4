# METADATA
# title: /proc is masked in every container
# description: >-
#   procMount Unmasked shows a container the parts of /proc that container runtimes hide. Pod Security's level
#   restricted forbids it in every version, whatever user namespace the pod has. Leaving it out is safe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove securityContext.procMount of the container, or set it to Default. The chart never sets it.
#   parameters: []
#   pod_security: [restricted/procMount_restricted]
package workload.masked_proc

import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "containers", "Default", "masks /proc for its containers as by default")
}

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.containers
		type := seen.context.procMount
		type != null
		place := {"target": seen.target, "field": "securityContext.procMount", "value": type, "holds": type == "Default"}
	]
]

deny contains finding if some finding in observation.failures(observations)
