# METADATA
# title: Kubernetes objects, pods and containers
# description: >-
#   Reads every input that the rules accept and gives it one shape. An input is an object with a list
#   `resources`, a single Kubernetes object, or the array of `{path, contents}` that conftest makes with
#   --combine. Objects of kind List are opened. Three arrays come out. Each element is a target of observations,
#   with `subject` (apiVersion/Kind/namespace/name), `prefix` (the path in the object at which its fields
#   begin, "" or ending in a dot) and `label` (its name in a sentence). `resources` adds group, kind,
#   namespace, name, labels and the whole `object`; `pods` adds kind, namespace, name, labels, annotations,
#   the declared `ports` ({name, number, protocol}), `windows` (true for a pod that says so), `metadata` (the
#   target of the pod's metadata), the pod `spec` and its `resource`; `containers` adds path, name, the
#   container `spec`, its `pod` and `inherited` (the same container, where the pod's settings apply to it).
#   What cannot be read (a string where a list belongs) counts as one entry that sets nothing, so that a
#   malformed object fails rules instead of escaping them.
package lib.kubernetes

import rego.v1

resources := [resource |
	some document in _objects
	is_object(document)
	version := object.get(document, "apiVersion", "")
	kind := object.get(document, "kind", "")
	namespace := object.get(document, ["metadata", "namespace"], "")
	name := object.get(document, ["metadata", "name"], "")
	subject := sprintf("%v/%v/%v/%v", [version, kind, namespace, name])
	parts := split(subject, "/")
	resource := {
		"subject": subject,
		"prefix": "",
		"label": sprintf("%v \"%v\"", [kind, name]),
		"group": parts[0],
		"kind": kind,
		"namespace": namespace,
		"name": name,
		"labels": as_map(object.get(document, ["metadata", "labels"], {})),
		"object": document,
	}
]

# The objects of a kind in an API group, in any of its versions; other groups may have kinds of the same name. The core group
# is called by its only version, v1.
of_kind(group, kind) := [resource |
	some resource in resources
	resource.kind == kind
	resource.group == group
]

pods := [pod |
	some resource in resources
	shape := _pod_shapes[resource.kind]
	resource.group in shape.groups
	template := as_map(object.get(resource.object, shape.template, null))
	spec := as_map(object.get(template, "spec", null))
	pod := {
		"subject": resource.subject,
		"prefix": concat("", [shape.prefix, "spec."]),
		"label": shape.label,
		"kind": resource.kind,
		"namespace": resource.namespace,
		"name": resource.name,
		"labels": as_map(object.get(template, ["metadata", "labels"], {})),
		"annotations": object.get(template, ["metadata", "annotations"], null),
		"spec": spec,
		"windows": object.get(spec, ["os", "name"], null) == "windows",
		"ports": _ports(spec),
		"metadata": {
			"subject": resource.subject,
			"prefix": concat("", [shape.prefix, "metadata."]),
			"label": shape.label,
		},
		"resource": resource,
	}
]

containers := [container |
	some pod in pods
	some field in ["initContainers", "containers", "ephemeralContainers"]
	some index, entry in _container_entries(pod.spec, field)
	spec := as_map(entry)
	path := sprintf("%v%v[%d]", [pod.prefix, field, index])
	label := sprintf("%v \"%v\"", [_container_labels[field], object.get(spec, "name", "")])
	container := {
		"subject": pod.subject,
		"prefix": concat("", [path, "."]),
		"label": label,
		"path": path,
		"name": object.get(spec, "name", ""),
		"spec": spec,
		"pod": pod,
		"inherited": {"subject": pod.subject, "prefix": pod.prefix, "label": label},
	}
]

# The setting of a container's securityContext, or its pod's where the container leaves it out:
# `value` (null where neither sets it) and `target`, the one of the two that decided.
effective(container, field) := {"value": value, "target": container} if {
	value := object.get(container.spec, ["securityContext", field], null)
	value != null
} else := {"value": value, "target": container.inherited} if {
	value := object.get(container.pod.spec, ["securityContext", field], null)
	value != null
} else := {"value": null, "target": container}

# The entries of a list field: none where it is absent, one unreadable entry where it is no list.
entries(holder, field) := holder[field] if {
	is_array(holder[field])
} else := [null] if {
	holder[field] != null
} else := []

map(holder, field) := holder[field] if {
	is_object(holder[field])
} else := {}

as_map(value) := value if {
	is_object(value)
} else := {}

text(holder, field) := holder[field] if {
	is_string(holder[field])
} else := ""

texts(holder, field) := [value |
	some value in entries(holder, field)
	is_string(value)
]

# What the containers declare; init containers that restart serve beside them.
_ports(spec) := [port |
	some field in ["initContainers", "containers"]
	some container in entries(spec, field)
	some entry in entries(container, "ports")
	_serves(field, container)
	is_number(entry.containerPort)
	port := {
		"name": object.get(entry, "name", ""),
		"number": entry.containerPort,
		"protocol": object.get(entry, "protocol", "TCP"),
	}
]

_serves("containers", _) := true

_serves("initContainers", container) if container.restartPolicy == "Always"

_container_entries(spec, field) := found if {
	found := entries(spec, field)
	found != []
} else := [null] if {
	field == "containers"
} else := []

_container_labels := {
	"initContainers": "init container",
	"containers": "container",
	"ephemeralContainers": "ephemeral container",
}

default _documents := []

# `kind` is looked at first: a Kubernetes object may well have a field called resources.
_documents := [input] if input.kind

_documents := input.resources if {
	is_object(input)
	not input.kind
	is_array(input.resources)
}

_documents := [document |
	some file in input
	some document in _contents(file)
] if {
	is_array(input)
}

_contents(file) := file.contents if {
	is_array(file.contents)
} else := [file.contents] if {
	is_object(file.contents)
} else := [file] if {
	file.kind
} else := []

# Lists are rare, and may hold lists.
_objects := _documents if {
	_lists(_documents) == []
} else := _opened(_opened(_documents))

_lists(documents) := [document |
	some document in documents
	is_array(document.items)
	is_string(document.kind)
	endswith(document.kind, "List")
]

_opened(documents) := [entry |
	some document in documents
	some entry in _entries_of(document)
]

_entries_of(document) := document.items if {
	_lists([document]) != []
} else := [document]

_pod_shapes := {
	"Pod": _own,
	"Deployment": _templated,
	"StatefulSet": _templated,
	"DaemonSet": _templated,
	"ReplicaSet": _templated,
	"ReplicationController": _templated,
	"Job": _templated,
	"CronJob": _scheduled,
}

_own := {
	"groups": ["v1"],
	"template": [],
	"prefix": "",
	"label": "the pod",
}

_templated := {
	"groups": ["apps", "batch", "v1", "extensions"],
	"template": ["spec", "template"],
	"prefix": "spec.template.",
	"label": "the pod template",
}

_scheduled := {
	"groups": ["batch"],
	"template": ["spec", "jobTemplate", "spec", "template"],
	"prefix": "spec.jobTemplate.spec.template.",
	"label": "the pod template",
}
