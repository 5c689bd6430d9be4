# METADATA
# title: Containers run as a non-root user
# description: >-
#   Root inside a container is root on the node once the container's boundary breaks. runAsNonRoot makes the
#   kubelet refuse such a start, whatever the image says; a runAsUser, where set, must not be 0. The container's
#   own setting counts before the pod's, and a pod's setting must be right even where every container overrides
#   it.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set securityContext.runAsNonRoot to true on the pod or on every container, and runAsUser to a uid other
#     than 0.
#   parameters: []
package workload.run_as_non_root

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(seen.target, "securityContext.runAsNonRoot", seen.value, true, holds) if {
	some container in data.lib.kubernetes.containers
	seen := kubernetes.effective(container, "runAsNonRoot")
	holds := seen.value in {true}
}

observations contains observation.of(seen.target, "securityContext.runAsUser", seen.value, "a uid other than 0", holds) if {
	some container in data.lib.kubernetes.containers
	seen := kubernetes.effective(container, "runAsUser")
	seen.value != null
	holds := _unprivileged(seen.value)
}

# A pod's own setting must be right even where every container overrides it, as Kubernetes' Pod Security asks.
observations contains observation.of(pod, "securityContext.runAsNonRoot", value, true, false) if {
	some pod in data.lib.kubernetes.pods
	value := object.get(pod.spec, ["securityContext", "runAsNonRoot"], true)
	not value in {true, null}
}

observations contains observation.of(pod, "securityContext.runAsUser", value, "a uid other than 0", false) if {
	some pod in data.lib.kubernetes.pods
	value := object.get(pod.spec, ["securityContext", "runAsUser"], null)
	value != null
	not _unprivileged(value)
}

_unprivileged(uid) if {
	is_number(uid)
	uid > 0
} else := false

deny contains finding if some finding in observation.failures(observations)
