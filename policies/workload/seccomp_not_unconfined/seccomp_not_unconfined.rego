# METADATA
# title: System calls are not left unfiltered on purpose
# description: >-
#   A pod or container that names a seccomp profile names RuntimeDefault or Localhost, never Unconfined. This
#   is what Pod Security asks at level baseline, where naming none is allowed; workload.seccomp_profile asks
#   more.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set seccompProfile.type to RuntimeDefault or Localhost, or remove it from the container. The chart sets
#     RuntimeDefault.
#   parameters: []
#   pod_security: [baseline/seccompProfile_baseline]
package workload.seccomp_not_unconfined

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", "RuntimeDefault or Localhost", "and its containers name no seccomp profile")
}

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.all
		profile := seen.context.seccompProfile
		profile != null
		type := object.get(kubernetes.as_map(profile), "type", null)
		place := {
			"target": seen.target,
			"field": "securityContext.seccompProfile.type",
			"value": type,
			"holds": type in {"RuntimeDefault", "Localhost"},
		}
	]
]

deny contains finding if some finding in observation.failures(observations)
