# METADATA
# title: What lies at a path of a container
# description: >-
#   Follows a file path of a container to the mount that covers it and to the volume behind that mount.
package lib.mounts

import data.lib.kubernetes
import rego.v1

# Every volume of every pod: {pod, field, name, kinds (the types of volume that its entry names), secret (true where it holds
# nothing but what Secrets hold), secrets (the names of those), items (the files that its Secret brings, none for all) and tokens
# (the files that hold a ServiceAccount's token)}.
volumes := [volume |
	some pod in data.lib.kubernetes.pods
	some index, given in kubernetes.entries(pod.spec, "volumes")
	entry := kubernetes.as_map(given)
	volume := {
		"pod": pod,
		"field": sprintf("volumes[%d]", [index]),
		"name": object.get(entry, "name", ""),
		"kinds": _kinds(given),
		"secret": _from_secret(entry),
		"secrets": _secrets(entry),
		"items": [item.path | some item in kubernetes.entries(kubernetes.map(entry, "secret"), "items")],
		"tokens": [source.serviceAccountToken.path | some source in kubernetes.entries(kubernetes.map(entry, "projected"), "sources")],
	}
]

# Every mount of every container: {container, field, directory (with a slash at its end), subpath (true for a mount of one file of
# the volume, which never changes while the container runs), volume}.
mounted := [mount |
	some container in data.lib.kubernetes.containers
	some index, entry in kubernetes.entries(container.spec, "volumeMounts")
	path := entry.mountPath
	is_string(path)
	path != ""
	some volume in volumes
	volume.name == entry.name
	volume.pod.subject == container.subject
	mount := {
		"container": container,
		"field": sprintf("volumeMounts[%d]", [index]),
		"directory": concat("", [trim_right(path, "/"), "/"]),
		"subpath": _partial(entry),
		"volume": volume,
	}
]

# The deepest mount that covers a path; undefined where none does.
covering(container, path) := _deepest([mount |
	some mount in mounted
	startswith(path, mount.directory)
	mount.container.path == container.path
	mount.container.subject == container.subject
])

_deepest([mount]) := mount

_deepest(mounts) := deepest if {
	count(mounts) > 1
	depth := max([count(mount.directory) | some mount in mounts])
	deepest_of := [mount | some mount in mounts; count(mount.directory) == depth]
	deepest := deepest_of[0]
}

# Kubernetes takes a volume without a type as an emptyDir.
_kinds(given) := kinds if {
	is_object(given)
	kinds := [kind | some kind, value in given; kind != "name"; value != null]
	kinds != []
} else := ["emptyDir"] if {
	is_object(given)
} else := []

_from_secret(entry) if {
	is_string(entry.secret.secretName)
} else if {
	sources := kubernetes.entries(kubernetes.map(entry, "projected"), "sources")
	sources != []
	every source in sources {
		is_string(source.secret.name)
	}
} else := false

_secrets(entry) := [entry.secret.secretName] if {
	entry.secret.secretName
} else := [source.secret.name | some source in kubernetes.entries(kubernetes.map(entry, "projected"), "sources")]

_partial(entry) if {
	some field in ["subPath", "subPathExpr"]
	not object.get(entry, field, "") in {"", null}
} else := false
