# METADATA
# title: Secrets are made outside the rendering
# description: >-
#   A Secret that the chart renders lies in the values, in the release's history and in whatever stores the
#   manifests. Each Secret object must be without data, and each Secret that a pod refers to must come from
#   outside the rendering.
# custom:
#   severity: high
#   kinds: [Secret, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Make the Secret with a tool for secrets, name it in existingSecret, and leave secretData empty.
#   parameters: []
package secrets.not_rendered

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(secret, "data", keys, [], keys == [], sentence) if {
	some secret in kubernetes.of_kind("v1", "Secret")
	keys := _keys(secret)
	sentence := sprintf("is rendered with %d keys", [count(keys)])
}

observations contains observation.saying(reference.target, reference.field, reference.name, _expected, holds, sentence) if {
	some reference in _references
	holds := _from_outside(reference)
	sentence := sprintf("refers to the Secret \"%v\", which is rendered %v data", [reference.name, _origin[holds]])
}

_expected := "a Secret from outside the rendering"

_origin := {true: "nowhere with", false: "with its"}

_references := array.concat(_of_containers, array.concat(_of_sources, _of_volumes))

_of_containers := [{"target": container, "namespace": container.pod.namespace, "field": field, "name": name} |
	some container in data.lib.kubernetes.containers
	some index, entry in kubernetes.entries(container.spec, "env")
	name := entry.valueFrom.secretKeyRef.name
	field := sprintf("env[%d].valueFrom.secretKeyRef", [index])
]

_of_sources := [{"target": container, "namespace": container.pod.namespace, "field": field, "name": name} |
	some container in data.lib.kubernetes.containers
	some index, entry in kubernetes.entries(container.spec, "envFrom")
	name := entry.secretRef.name
	field := sprintf("envFrom[%d].secretRef", [index])
]

_of_volumes := [{"target": volume.pod, "namespace": volume.pod.namespace, "field": volume.field, "name": name} |
	some volume in data.lib.mounts.volumes
	some name in volume.secrets
]

_from_outside(reference) if {
	not [reference.namespace, reference.name] in _rendered
} else := false

# Namespace and name of each Secret that the rendering has with data.
_rendered := {[secret.namespace, secret.name] |
	some secret in kubernetes.of_kind("v1", "Secret")
	_keys(secret) != []
}

_keys(secret) := sort([key |
	some field in ["data", "stringData"]
	some key in _keys_of(object.get(secret.object, field, null))
])

_keys_of(content) := object.keys(content) if is_object(content)

else := set() if content == null

else := {"unreadable"}

deny contains finding if some finding in observation.failures(observations)
