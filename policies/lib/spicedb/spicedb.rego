# METADATA
# title: SpiceDB's containers and their settings
# description: >-
#   A container is a SpiceDB server if its command or arguments hold the word `serve`, a migration if they hold
#   `migrate`, and if it is recognisably SpiceDB's: by its image, its name, its command or a setting. Settings come from
#   environment variables and, before those, from flags in the arguments.
package lib.spicedb

import data.lib.credentials
import data.lib.kubernetes
import data.lib.observation
import rego.v1

servers := [container | some container in containers; container.command == "serve"]

migrations := [container | some container in containers; container.command == "migrate"]

# Containers with their `command` (serve or migrate) and what sets them up: `sources` (each {name, field, value, from}, where
# `from` is a variable's valueFrom or null), `settings` (name -> index of the source that counts), `values` (name -> literal
# value), `file` (the mount in whose volume the file spicedb.env may lie, which SpiceDB reads from its working directory, or null),
# `elsewhere` (true where that or envFrom may set more) and `version` (by the image's tag, else by the label; null where neither
# names one).
containers := [spicedb |
	some container in data.lib.kubernetes.containers
	command := _command(container.spec)
	sources := array.concat(_variables(container.spec), _flags(container.spec))
	settings := object.union_n([{source.name: index} | some index, source in sources])
	file := _file(container)
	spicedb := object.union(container, {
		"command": command,
		"sources": sources,
		"settings": settings,
		"values": {name: source.value |
			some name, index in settings
			source := sources[index]
			source.from == null
		},
		"version": _version(container),
		"file": file,
		"elsewhere": _elsewhere(container, file),
	})
]

# The pods that serve: each once, however many of their containers do.
server_pods := [pod | some pod in data.lib.kubernetes.pods; _serves(pod)]

# Those of them that come in a number that spec.replicas sets.
replicated_pods := [pod |
	some pod in server_pods
	pod.kind in {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}
]

_serves(pod) if {
	some server in servers
	server.pod.subject == pod.subject
}

# Where a setting comes from; undefined if nothing sets it.
setting(container, name) := container.sources[container.settings[name]]

# The literal value of a setting; null where nothing sets it, or something that cannot be seen.
value(container, name) := object.get(container.values, name, null)

# The place that sets a setting, or where it would be set.
location(container, name) := place if {
	source := setting(container, name)
	place := source.field
} else := "env"

# True where a setting may have a value that the rendering does not show.
hidden(container, name) if {
	source := setting(container, name)
	source.from != null
} else if {
	container.elsewhere
	not container.settings[name]
}

# True where a switch is on or may be: what cannot be seen counts as on; what does not parse is off, as in SpiceDB.
switched_on(container, name, otherwise) if {
	container.values[name] in {"1", "t", "T", "TRUE", "true", "True"}
} else if {
	hidden(container, name)
} else := otherwise if {
	not container.settings[name]
} else := false

# An observation of one setting, at the place that sets it.
observed(container, name, expected, holds) := {
	"subject": container.subject,
	"path": concat("", [container.prefix, source.field]),
	"value": shown,
	"expected": expected,
	"holds": holds,
	"message": sprintf("%v sets %v to %v", [container.label, name, shown]),
} if {
	source := container.sources[container.settings[name]]
	source.from == null
	shown := credentials.safe(source.value)
} else := observation.saying(
	container, location(container, name), null, expected, holds,
	sprintf("takes %v from elsewhere, so its value is not visible", [name]),
) if {
	hidden(container, name)
} else := observation.saying(
	container, location(container, name), null, expected, holds,
	sprintf("does not set %v", [name]),
)

# What the container itself sets wins over both.
default _elsewhere(_, _) := false

_elsewhere(container, _) if kubernetes.entries(container.spec, "envFrom") != []

_elsewhere(_, file) if file != null

_file(container) := file if {
	# The image's own working directory is the root.
	given := object.get(container.spec, "workingDir", "")
	is_string(given)
	directory := trim_right(given, "/")
	files := [mount |
		some mount in data.lib.mounts.mounted
		mount.container.path == container.path
		mount.container.subject == container.subject
		_lies_in(mount, concat("", [directory, "/"]))
	]
	file := files[0]
} else := null

_lies_in(mount, directory) if {
	mount.directory == directory
	not mount.subpath
	_brings(mount.volume.items)
} else if {
	mount.directory == concat("", [directory, "spicedb.env/"])
	mount.subpath
}

_brings([]) := true

_brings(items) if "spicedb.env" in items

_command(spec) := command if {
	words := _words(spec)
	commands := [word | some word in ["serve", "migrate"]; word in words]
	command := commands[0]
	_of_spicedb(spec, words)
}

# Other programs serve and migrate too. SpiceDB's name is in the image, the container's name or the command, or there is a setting
# that only SpiceDB has.
_of_spicedb(spec, words) if {
	some field in ["image", "name"]
	contains(kubernetes.text(spec, field), "spicedb")
} else if {
	some entry in kubernetes.entries(spec, "env")
	startswith(kubernetes.text(kubernetes.as_map(entry), "name"), "SPICEDB_")
} else if {
	text := concat(" ", words)
	regex.match(_known, text)
}

_known := `spicedb|\bdatastore migrate\b|--grpc-preshared-key|--datastore-engine`

_version(container) := version if {
	version := concat("", ["v", _match(container.spec.image, `:v?([0-9]+\.[0-9]+\.[0-9]+)(?:-debug)?(?:@|$)`)])
} else := version if {
	version := concat("", ["v", _match(container.pod.labels["app.kubernetes.io/version"], _labelled)])
} else := version if {
	version := concat("", ["v", _match(container.pod.resource.labels["app.kubernetes.io/version"], _labelled)])
} else := null

_labelled := `^v?([0-9]+\.[0-9]+\.[0-9]+)(?:-debug)?$`

_match(text, pattern) := found[0][1] if {
	is_string(text)
	found := regex.find_all_string_submatch_n(pattern, text, 1)
}

# A shell's one long argument is taken apart, too.
_words(spec) := [word |
	some field in ["command", "args"]
	some argument in kubernetes.texts(spec, field)
	some word in split(replace(argument, "\n", " "), " ")
]

# Kubernetes takes a variable without a value as an empty one.
_variables(spec) := [source |
	some index, entry in kubernetes.entries(spec, "env")
	is_string(entry.name)
	source := {
		"name": entry.name,
		"field": sprintf("env[%d]", [index]),
		"value": object.get(entry, "value", ""),
		"from": object.get(entry, "valueFrom", null),
	}
]

_flags(spec) := [source |
	some field in ["command", "args"]
	arguments := kubernetes.entries(spec, field)
	some index, argument in arguments
	is_string(argument)
	startswith(argument, "--")
	parts := split(argument, "=")
	source := {
		"name": _environment_name(parts[0]),
		"field": sprintf("%v[%d]", [field, index]),
		"value": _flag_value(parts, arguments, index),
		"from": null,
	}
]

_environment_name(flag) := concat("", ["SPICEDB_", upper(replace(trim_prefix(flag, "--"), "-", "_"))])

_flag_value(parts, _, _) := concat("=", array.slice(parts, 1, count(parts))) if count(parts) > 1

_flag_value(parts, arguments, index) := arguments[index + 1] if {
	count(parts) == 1
	_takes_next(parts[0], arguments, index)
} else := "true" if {
	count(parts) == 1
}

# A switch never takes the next word as its value.
_takes_next(flag, arguments, index) if {
	not endswith(flag, "enabled")
	is_string(arguments[index + 1])
	not startswith(arguments[index + 1], "-")
}
