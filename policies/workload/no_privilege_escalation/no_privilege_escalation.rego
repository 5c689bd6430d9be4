# METADATA
# title: Containers cannot gain privileges
# description: >-
#   allowPrivilegeEscalation false sets the kernel's no_new_privs flag, so that no set-uid program in the image
#   can give a process more rights than it was started with. Kubernetes allows escalation where it is left out.
#   Pods of os.name windows are exempt, as in Kubernetes' Pod Security: Windows has no such flag.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set securityContext.allowPrivilegeEscalation of each container to false. The chart always does.
#   parameters: []
#   pod_security: [restricted/allowPrivilegeEscalation]
package workload.no_privilege_escalation

import data.lib.observation
import rego.v1

observations contains observation.of(container, "securityContext.allowPrivilegeEscalation", value, false, holds) if {
	some container in data.lib.kubernetes.containers
	value := object.get(container.spec, ["securityContext", "allowPrivilegeEscalation"], null)
	holds := true in {value == false, container.pod.windows}
}

deny contains finding if some finding in observation.failures(observations)
