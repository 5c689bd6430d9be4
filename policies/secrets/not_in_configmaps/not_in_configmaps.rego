# METADATA
# title: ConfigMaps and annotations hold no credentials
# description: >-
#   ConfigMaps and annotations are readable far more widely than Secrets and are copied into logs and backups.
#   No value in either may look like a credential: a URI with a password, a private key, a token, or a password
#   assigned in a text. In a ConfigMap a key that names a credential counts, too.
# custom:
#   severity: high
#   kinds: ["*"]
#   remediation: Move the credential into a Secret and refer to it.
#   parameters: []
package secrets.not_in_configmaps

import data.lib.credentials
import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(place.target, place.field, keys, [], keys == [], sentence) if {
	some place in _places
	keys := _suspects(place)
	sentence := sprintf("has %d entries in %v that look like credentials", [count(keys), place.field])
}

_places := array.concat(_annotations, _configmaps)

_annotations := array.concat(
	[{"target": resource, "field": "metadata.annotations", "content": content, "names_count": false} |
		some resource in data.lib.kubernetes.resources
		content := object.get(resource.object, ["metadata", "annotations"], null)
	],
	[{"target": pod.metadata, "field": "annotations", "content": pod.annotations, "names_count": false} |
		some pod in data.lib.kubernetes.pods
		pod.kind != "Pod"
	],
)

_configmaps := [{"target": configmap, "field": field, "content": content, "names_count": true} |
	some configmap in kubernetes.of_kind("v1", "ConfigMap")
	some field in ["data", "binaryData"]
	content := _content(field, object.get(configmap.object, field, null))
]

# The values of binaryData are base64.
_content(field, content) := {key: _decoded(value) | some key, value in content} if {
	field == "binaryData"
	is_object(content)
} else := content

_decoded(value) := base64.decode(value) if {
	is_string(value)
	base64.is_valid(value)
} else := value

_suspects(place) := sort([key |
	some key, value in place.content
	is_string(value)
	_reveals(place.names_count, key, value)
]) if is_object(place.content)

else := [] if place.content == null

else := ["unreadable"]

_reveals(_, _, value) if credentials.found(value)

_reveals(true, key, value) if {
	credentials.named(key)
	not value in {"", "true", "false"}
	not credentials.reference(value)
}

deny contains finding if some finding in observation.failures(observations)
