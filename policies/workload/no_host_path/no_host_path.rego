# METADATA
# title: No directory of the node is mounted
# description: >-
#   A hostPath volume opens the node's own files to the pod: its keys, the runtime's socket, the logs of
#   others. It is the usual way out of a container.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Replace the hostPath volume by one of the cluster: a Secret, ConfigMap, emptyDir, projected, CSI or
#     PersistentVolumeClaim volume. The chart mounts no directory of the node.
#   parameters: []
#   pod_security: [baseline/hostPathVolumes]
package workload.no_host_path

import data.lib.observation
import rego.v1

observations contains observation.saying(volume.pod, volume.field, volume.kinds, _expected, false, sentence) if {
	some volume in _of_the_node
	sentence := sprintf("has the volume \"%v\", a directory of the node or unreadable", [volume.name])
}

observations contains observation.saying(pod, "volumes", null, _expected, true, "mounts no directory of the node") if {
	some pod in data.lib.kubernetes.pods
	not pod.subject in {volume.pod.subject | some volume in _of_the_node}
}

_expected := "no hostPath volume"

_of_the_node := [volume |
	some volume in data.lib.mounts.volumes
	_opens_the_node(volume.kinds)
]

_opens_the_node([]) := true

_opens_the_node(kinds) if "hostPath" in kinds

deny contains finding if some finding in observation.failures(observations)
