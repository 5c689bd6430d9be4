# METADATA
# title: What each version of SpiceDB has for settings
# description: >-
#   Looks each SPICEDB_ setting of each SpiceDB container up among the flags of its version (policies/spicedb_flags.yaml).
package lib.inventory

import rego.v1

# Each container whose version is known, with its settings (those of lib.spicedb's sources that begin with SPICEDB_) and, in the same
# order, the flag that its version has for each, null for none.
containers := [looked |
	some container in data.lib.spicedb.containers
	order := _order(container.version)
	settings := [source | some source in container.sources; startswith(source.name, "SPICEDB_")]
	looked := {
		"container": container,
		"settings": settings,
		"flags": [_flag(order, source.name) | some source in settings],
	}
]

known(version) if {
	order := _order(version)
	order >= 0
}

# The versions that have a setting, as they read after "SpiceDB has it"; undefined for a name that none has.
span(name) := text if {
	entries := _settings[name]
	count(entries) > 0
	text := _span(entries)
}

# Bound once: a look into a large document of data is slow in some engines.
_inventory := data.spicedb_flags

_versions := _inventory.versions

_settings := _inventory.settings

# A patch release is looked up as its minor release where it has no entry of its own.
_order(version) := _versions[version].order if {
	_versions[version]
} else := _versions[minor].order if {
	is_string(version)
	minor := concat("", [regex.replace(version, `[0-9]+$`, ""), "0"])
}

_flag(order, name) := flag if {
	some flag in _settings[name]
	_versions[flag.since].order <= order
	not _gone(order, flag)
} else := null

_gone(order, flag) if _versions[flag.until].order < order

_span(entries) := sprintf("since %v", [entries[0].since]) if {
	not entries[count(entries) - 1].until
} else := sprintf("from %v to %v", [entries[0].since, entries[count(entries) - 1].until])
