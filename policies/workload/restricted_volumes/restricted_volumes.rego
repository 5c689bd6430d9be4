# METADATA
# title: Volumes come from the cluster, not from the node
# description: >-
#   A hostPath volume opens the node's files to the pod, and the in-tree network volumes bypass the cluster's
#   storage control. Only the volume types of Kubernetes' Pod Security level restricted are allowed.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Replace the volume by a Secret, ConfigMap, emptyDir, projected, downwardAPI, CSI, ephemeral, image
#     or PersistentVolumeClaim volume. The chart renders only Secret and projected ones.
#   parameters: []
#   pod_security: [restricted/restrictedVolumes]
package workload.restricted_volumes

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(volume.pod, volume.field, volume.kinds, _expected, holds, sentence) if {
	some volume in data.lib.mounts.volumes
	holds := _allowed(volume.kinds)
	sentence := sprintf("has the volume \"%v\" of type %v", [volume.name, concat(", ", volume.kinds)])
}

observations contains observation.saying(pod, "volumes", [], _expected, true, "has no volumes") if {
	some pod in data.lib.kubernetes.pods
	kubernetes.entries(pod.spec, "volumes") == []
}

_expected := "one of the volume types of Pod Security level restricted"

_types := {
	"configMap", "csi", "downwardAPI", "emptyDir",
	"ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}

_allowed([kind]) := kind in _types

_allowed(kinds) := false if count(kinds) != 1

deny contains finding if some finding in observation.failures(observations)
