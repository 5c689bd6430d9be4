# METADATA
# title: System calls are filtered
# description: >-
#   A seccomp profile closes the kernel calls that a container has no need of. RuntimeDefault or Localhost is
#   asked of every container, init containers too; the container's own profile counts before the pod's, and a
#   pod's profile must be right even where every container overrides it. Kubernetes filters nothing where both
#   are left out. Pods of os.name windows are exempt, as in Kubernetes' Pod Security.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set securityContext.seccompProfile.type of the pod to RuntimeDefault. The chart always does.
#   parameters: []
#   pod_security: [restricted/seccompProfile_restricted]
package workload.seccomp_profile

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(seen.target, "securityContext.seccompProfile.type", type, _expected, holds) if {
	some container in data.lib.kubernetes.containers
	seen := kubernetes.effective(container, "seccompProfile")
	type := _type(seen.value)
	holds := true in {type in {"RuntimeDefault", "Localhost"}, container.pod.windows}
}

# A pod's own profile must be right even where every container overrides it, as Kubernetes' Pod Security asks.
observations contains observation.of(pod, "securityContext.seccompProfile.type", type, _expected, false) if {
	some pod in data.lib.kubernetes.pods
	not pod.windows
	profile := object.get(pod.spec, ["securityContext", "seccompProfile"], null)
	profile != null
	type := _type(profile)
	not type in {"RuntimeDefault", "Localhost"}
}

_expected := "RuntimeDefault or Localhost"

_type(profile) := object.get(kubernetes.as_map(profile), "type", null)

deny contains finding if some finding in observation.failures(observations)
