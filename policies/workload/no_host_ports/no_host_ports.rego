# METADATA
# title: No port of the node is taken
# description: >-
#   A hostPort makes a container reachable at the node's own address, past Services, Ingresses and most
#   NetworkPolicies, and lets one pod a node exist. Leaving it out is safe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove hostPort; a Service makes the container reachable. The chart has no value for it.
#   parameters: []
#   pod_security: [baseline/hostPorts]
package workload.no_host_ports

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "containers", 0, "takes no port of the node")
}

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.containers
		some index, port in kubernetes.entries(seen.spec, "ports")
		taken := port.hostPort
		taken != null
		place := {
			"target": seen.target,
			"field": sprintf("ports[%d].hostPort", [index]),
			"value": taken,
			"holds": taken == 0,
		}
	]
]

deny contains finding if some finding in observation.failures(observations)
