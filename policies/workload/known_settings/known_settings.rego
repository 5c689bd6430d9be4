# METADATA
# title: Every SpiceDB setting exists and parses
# description: >-
#   SpiceDB ignores an environment variable it does not know, and takes one that does not parse as zero or
#   false, both without a word: a misspelt TLS path leaves a listener in plaintext. Each SPICEDB_ variable is
#   looked up among the flags of that version (of its minor release, for a patch release) and command, and its
#   literal value must parse as the flag's type, fit into it, and be one that SpiceDB knows where it knows a few. A flag among the
#   arguments counts as the variable of its name.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Correct the name or the value, or set image.tag to a version whose flags are known
#     (policies/spicedb_flags.yaml).
#   parameters: []
package workload.known_settings

import data.lib.inventory
import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, "image", container.version, expected, false, sentence) if {
	some container in data.lib.spicedb.containers
	not inventory.known(container.version)
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

# Each container with its settings and, in the same order, what is wrong with each, "" for nothing.
_looked_up := [object.union(looked, {"problems": problems}) |
	some looked in data.lib.inventory.containers
	problems := [problem |
		some index, source in looked.settings
		flag := looked.flags[index]
		problem := _problem(flag, looked.container.command, source)
	]
]

# Most settings are texts of the right command, so that is asked first.
_problem(flag, command, source) := "" if {
	flag != null
	command in flag.commands
	_parses(flag.type, source)
	_understood(source)
} else := sprintf("which is no setting of %v", [command]) if {
	flag != null
	not command in flag.commands
} else := sprintf("whose value is none of %v", [concat(", ", _words[source.name])]) if {
	flag != null
	_parses(flag.type, source)
} else := sprintf("whose value SpiceDB cannot read as %v", [flag.type]) if {
	flag != null
} else := sprintf("which is no setting of this version: SpiceDB has it %v", [inventory.span(source.name)]) if {
	inventory.span(source.name)
} else := "which is no setting of this version"

_parses(type, source) if {
	not _forms[type]
	is_string(source.value)
} else if {
	source.from != null
} else if {
	is_string(source.value)
	regex.match(_forms[type], source.value)
	_fits(type, source.value)
}

# Of the types that are narrower than what their form allows.
_fits(type, value) if {
	not _largest[type]
	is_string(value)
} else if {
	to_number(value) <= _largest[type]
}

_understood(source) if {
	not _words[source.name]
} else if {
	source.from != null
} else if {
	source.value in _words[source.name]
}

# Texts of which SpiceDB knows a few, and ends or goes on without a word at others.
_words := {
	"SPICEDB_DATASTORE_ENGINE": ["cockroachdb", "memory", "mysql", "postgres", "spanner"],
	"SPICEDB_LOG_FORMAT": ["auto", "console", "json"],
	"SPICEDB_LOG_LEVEL": ["trace", "debug", "info", "warn", "error", "fatal", "panic", "disabled"],
}

_largest := {"int32": 2147483647, "uint8": 255, "uint16": 65535, "uint32": 4294967295}

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
	"stringToString": `^[^=]+=`,
	"float64": `^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`,
}

_integer := `^[+-]?[0-9]+$`

_unsigned := `^[0-9]+$`

deny contains finding if some finding in observation.failures(observations)
