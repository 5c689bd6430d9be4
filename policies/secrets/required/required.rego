# METADATA
# title: A Secret that is missing stops the pod
# description: >-
#   With optional: true Kubernetes starts the container without the key: SpiceDB then has no password, or an empty directory where
#   its certificates should be, and speaks plaintext without a word. No reference to a Secret may be optional.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Remove optional from the reference, and make the Secret before the release.
#   parameters: []
package secrets.required

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, "env", names, [], names == [], sentence) if {
	some container in data.lib.kubernetes.containers
	names := array.concat(
		[object.get(entry, "name", "unreadable") |
			some entry in kubernetes.entries(container.spec, "env")
			_optional(entry.valueFrom.secretKeyRef)
		],
		[object.get(entry.secretRef, "name", "unreadable") |
			some entry in kubernetes.entries(container.spec, "envFrom")
			_optional(entry.secretRef)
		],
	)
	sentence := sprintf("starts without %d Secrets if they are missing", [count(names)])
}

observations contains observation.saying(volume.pod, volume.field, optional, false, optional == false, sentence) if {
	some volume in data.lib.mounts.volumes
	volume.secrets != []
	optional := _optional_volume(volume.pod.spec.volumes, volume.name)
	sentence := sprintf("has the volume \"%v\" of Secrets, which %v be missing", [volume.name, _may[optional]])
}

_may := {true: "may", false: "may not"}

# What is neither left out nor false may be true.
_optional(reference) if not object.get(reference, "optional", false) in {false, null}

_optional_volume(volumes, name) if {
	some entry in volumes
	entry.name == name
	_optional(entry.secret)
} else if {
	some entry in volumes
	entry.name == name
	some source in entry.projected.sources
	_optional(source.secret)
} else := false

deny contains finding if some finding in observation.failures(observations)
