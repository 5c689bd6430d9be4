# METADATA
# title: Every SpiceDB setting exists and parses
# description: >-
#   SpiceDB ignores an environment variable it does not know, and takes one that does not parse as zero or
#   false, both without a word: a misspelt TLS path leaves a listener in plaintext. Each SPICEDB_ variable is
#   looked up among the flags of that version (of its minor release, for a patch release) and command, and its
#   literal value must parse as the flag's type.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Correct the name or the value, or set image.tag to a version whose flags are known
#     (policies/spicedb_flags.yaml).
#   parameters: []
package workload.known_settings

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, "image", container.version, expected, false, sentence) if {
	some container in data.lib.spicedb.containers
	not _known(container.version)
	expected := "a version whose flags are known"
	sentence := _unknown(container.version)
}

observations contains observation.saying(container, field, null, "a variable with a name", false, sentence) if {
	some container in data.lib.spicedb.containers
	some index, entry in kubernetes.entries(container.spec, "env")
	not _named(entry)
	field := sprintf("env[%d]", [index])
	sentence := "has a variable without a readable name"
}

observations contains observation.saying(looked.container, source.field, source.name, expected, false, sentence) if {
	some looked in _looked_up
	some index, problem in looked.problems
	problem != ""
	source := looked.settings[index]
	expected := sprintf("a setting of %v with a value that parses", [looked.container.command])
	sentence := sprintf("sets %v, %v", [source.name, problem])
}

_unknown(null) := "tells no version of SpiceDB by its image's tag or its labels"

_unknown(version) := sprintf("runs SpiceDB %v, whose flags are not known", [version]) if version != null

# What is right is one observation a container, with all the names.
observations contains observation.saying(looked.container, "env", names, expected, true, sentence) if {
	some looked in _looked_up
	names := [looked.settings[index].name | some index, problem in looked.problems; problem == ""]
	expected := sprintf("settings of %v with values that parse", [looked.container.command])
	sentence := sprintf("sets %d settings that SpiceDB %v knows and can read", [count(names), looked.container.version])
}

_named(entry) if is_string(entry.name)

# Bound once: a look into a large document of data is slow in some engines.
_inventory := data.spicedb_flags

_versions := _inventory.versions

_settings := _inventory.settings

_known(version) if {
	order := _order(version)
	order >= 0
}

# A patch release is looked up as its minor release where it has no entry of its own.
_order(version) := _versions[version].order if {
	_versions[version]
} else := _versions[minor].order if {
	is_string(version)
	minor := concat("", [regex.replace(version, `[0-9]+$`, ""), "0"])
}

# What a version says of a setting; undefined where it has none of the name.
_flag(order, name) := flag if {
	some flag in _settings[name]
	_versions[flag.since].order <= order
	not _gone(order, flag)
}

_gone(order, flag) if _versions[flag.until].order < order

# Each container with its settings and, in the same order, what is wrong with each, "" for nothing.
_looked_up := [looked |
	some container in data.lib.spicedb.containers
	order := _order(container.version)
	settings := [source | some source in container.sources; startswith(source.name, "SPICEDB_")]
	looked := {
		"container": container,
		"settings": settings,
		"problems": [_problem(order, container.command, source) | some source in settings],
	}
]

# Most settings are texts of the right command, so that is asked first.
_problem(order, command, source) := "" if {
	flag := _flag(order, source.name)
	command in flag.commands
	_parses(flag.type, source)
} else := sprintf("which is no setting of %v", [command]) if {
	flag := _flag(order, source.name)
	not command in flag.commands
} else := sprintf("whose value SpiceDB cannot read as %v", [flag.type]) if {
	flag := _flag(order, source.name)
} else := sprintf("which is no setting of this version: SpiceDB has it %v", [_span(known)]) if {
	known := _settings[source.name]
	count(known) > 0
} else := "which is no setting of this version"

_span(entries) := sprintf("since %v", [entries[0].since]) if {
	not entries[count(entries) - 1].until
} else := sprintf("from %v to %v", [entries[0].since, entries[count(entries) - 1].until])

_parses(type, source) if {
	not _forms[type]
	is_string(source.value)
} else if {
	source.from != null
} else if {
	is_string(source.value)
	regex.match(_forms[type], source.value)
}

# As Go reads them; flags of other types take any text.
_forms := {
	"bool": `^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$`,
	"duration": data.lib.quantities.duration,
	"int": _integer,
	"int32": _integer,
	"int64": _integer,
	"uint": _unsigned,
	"uint8": _unsigned,
	"uint16": _unsigned,
	"uint32": _unsigned,
	"uint64": _unsigned,
	"float64": `^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`,
}

_integer := `^[+-]?[0-9]+$`

_unsigned := `^[0-9]+$`

deny contains finding if some finding in observation.failures(observations)
