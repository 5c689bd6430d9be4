# METADATA
# title: No container asks for user 0
# description: >-
#   A runAsUser, where the pod or a container sets one, is not 0, and a pod's must be right even where every
#   container overrides it. From Kubernetes 1.35 on, Pod Security lets 0 pass in a pod with a user namespace
#   of its own (hostUsers false), where root is nobody on the node. Leaving it out leaves the user to the
#   image, and workload.run_as_non_root has the last word.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set securityContext.runAsUser to a uid other than 0, or remove it. The chart sets 65532.
#   parameters: [kubernetes_version]
#   pod_security: [restricted/runAsUser]
package workload.no_root_user

import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", "a uid other than 0", "and its containers leave the user to the image")
}

observations contains made if some made in data.lib.pod_security.unjudged

_set := [places |
	some setting in data.lib.pod_security.settings
	own_users := [object.get(setting.pod.spec, "hostUsers", true), data.lib.pod_security.knows_user_namespaces] == [false, true]
	places := [place |
		some seen in setting.all
		uid := seen.context.runAsUser
		uid != null
		place := {
			"target": seen.target,
			"field": "securityContext.runAsUser",
			"value": uid,
			"holds": true in {_unprivileged(uid), own_users},
		}
	]
]

_unprivileged(uid) if {
	is_number(uid)
	uid > 0
} else := false

deny contains finding if some finding in observation.failures(observations)
