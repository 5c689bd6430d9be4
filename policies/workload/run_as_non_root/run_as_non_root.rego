# METADATA
# title: Containers run as a non-root user
# description: >-
#   Root inside a container is root on the node once the container's boundary breaks. runAsNonRoot makes the
#   kubelet refuse such a start, whatever the image says. The container's own setting counts before the pod's,
#   and a pod's setting must be right even where every container overrides it. From Kubernetes 1.35 on, Pod
#   Security exempts a pod with a user namespace of its own (hostUsers false), where root is nobody on the node.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set securityContext.runAsNonRoot to true on the pod or on every container. The chart does so on the pod.
#   parameters: [kubernetes_version]
#   pod_security: [restricted/runAsNonRoot]
package workload.run_as_non_root

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(seen.target, "securityContext.runAsNonRoot", seen.value, true, holds) if {
	some container in data.lib.kubernetes.containers
	seen := kubernetes.effective(container, "runAsNonRoot")
	own_users := [object.get(container.pod.spec, "hostUsers", true), data.lib.pod_security.knows_user_namespaces] == [false, true]
	holds := true in {seen.value == true, own_users}
}

observations contains made if some made in data.lib.pod_security.unjudged

# A pod's own setting must be right even where every container overrides it, as Kubernetes' Pod Security asks.
observations contains observation.of(pod, "securityContext.runAsNonRoot", value, true, false) if {
	some pod in data.lib.kubernetes.pods
	value := object.get(pod.spec, ["securityContext", "runAsNonRoot"], true)
	not value in {true, null}
	[object.get(pod.spec, "hostUsers", true), data.lib.pod_security.knows_user_namespaces] != [false, true]
}

deny contains finding if some finding in observation.failures(observations)
