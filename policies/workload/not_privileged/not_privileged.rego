# METADATA
# title: No container is privileged
# description: >-
#   A privileged container has every capability and the node's devices: who controls it controls the node.
#   Leaving the field out is safe, as Kubernetes then starts the container unprivileged.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set securityContext.privileged of the container to false or leave it out. The chart always sets false.
#   parameters: []
#   pod_security: [baseline/privileged]
package workload.not_privileged

import data.lib.observation
import rego.v1

observations contains observation.of(container, "securityContext.privileged", value, false, holds) if {
	some container in data.lib.kubernetes.containers
	value := object.get(container.spec, ["securityContext", "privileged"], null)
	holds := value in {null, false}
}

deny contains finding if some finding in observation.failures(observations)
