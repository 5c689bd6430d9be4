# METADATA
# title: Pods stay out of the node's namespaces
# description: >-
#   With the node's network, process or IPC namespace a pod sees and reaches what NetworkPolicies and container
#   boundaries are there to keep from it. Leaving the fields out is safe.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Remove hostNetwork, hostPID and hostIPC. The chart has no value for them.
#   parameters: []
#   pod_security: [baseline/hostNamespaces]
package workload.no_host_namespaces

import data.lib.observation
import rego.v1

observations contains observation.of(pod, field, value, false, holds) if {
	some pod in data.lib.kubernetes.pods
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	value := object.get(pod.spec, field, null)
	holds := value in {null, false}
}

deny contains finding if some finding in observation.failures(observations)
