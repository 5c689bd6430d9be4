# METADATA
# title: Pods stay out of the node's namespaces
# description: >-
#   With the node's network, process or IPC namespace, or a port of the node, a pod sees and reaches what
#   NetworkPolicies and container boundaries are there to keep from it. Leaving the fields out is safe.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Remove hostNetwork, hostPID, hostIPC and hostPort. The chart has no value for them.
#   parameters: []
package workload.no_host_namespaces

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(pod, field, value, false, holds) if {
	some pod in data.lib.kubernetes.pods
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	value := object.get(pod.spec, field, null)
	holds := value in {null, false}
}

observations contains observation.saying(container, "ports", host_ports, [], host_ports == [], sentence) if {
	some container in data.lib.kubernetes.containers
	host_ports := _host_ports(container)
	sentence := sprintf("takes %d ports of the node", [count(host_ports)])
}

_host_ports(container) := [taken |
	some port in kubernetes.entries(container.spec, "ports")
	taken := port.hostPort
	not taken in {null, 0}
]

deny contains finding if some finding in observation.failures(observations)
