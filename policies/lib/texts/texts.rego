# METADATA
# title: Texts that a rendering writes out
# description: >-
#   What stands in clear in environment variables, commands, arguments, ConfigMaps and annotations, a place of each object at a
#   time: {target, field, entries ([name, text]) and joined (all of the texts, one a line)}. Rules look at `joined` first, as most
#   places hold nothing that they look for.
package lib.texts

import data.lib.kubernetes
import rego.v1

places := array.concat(_containers, array.concat(_configmaps, _annotations))

# The same of Secrets, with what is coded in base64 decoded.
secrets := [_place(secret, "data", entries) |
	some secret in kubernetes.of_kind("v1", "Secret")
	entries := array.concat(
		_named_texts(kubernetes.map(secret.object, "stringData")),
		[[name, decoded] |
			some name, text in kubernetes.map(secret.object, "data")
			is_string(text)
			base64.is_valid(text)
			decoded := base64.decode(text)
		],
	)
]

_containers := [_place(container, "env", entries) |
	some container in data.lib.kubernetes.containers
	entries := array.concat(
		[[entry.name, entry.value] |
			some entry in kubernetes.entries(container.spec, "env")
			is_string(entry.name)
			is_string(entry.value)
		],
		[[name, text] |
			some field in ["command", "args"]
			some index, text in kubernetes.entries(container.spec, field)
			is_string(text)
			name := sprintf("%v[%d]", [field, index])
		],
	)
]

_configmaps := [_place(configmap, "data", entries) |
	some configmap in kubernetes.of_kind("v1", "ConfigMap")
	entries := _named_texts(kubernetes.map(configmap.object, "data"))
]

_annotations := array.concat(
	[_place(resource, "metadata.annotations", entries) |
		some resource in data.lib.kubernetes.resources
		annotations := resource.object.metadata.annotations
		entries := _named_texts(kubernetes.as_map(annotations))
	],
	[_place(pod.metadata, "annotations", entries) |
		some pod in data.lib.kubernetes.pods
		pod.kind != "Pod"
		pod.annotations != null
		entries := _named_texts(kubernetes.as_map(pod.annotations))
	],
)

_named_texts(content) := [[name, text] |
	some name, text in content
	is_string(text)
]

_place(target, field, entries) := {
	"target": target,
	"field": field,
	"entries": entries,
	"joined": concat("\n", [entry[1] | some entry in entries]),
}
