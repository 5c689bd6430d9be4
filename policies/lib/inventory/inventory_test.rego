package lib.inventory_test

import data.lib.inventory
import data.lib.testing
import rego.v1

flags := {
	"versions": {"v1.30.0": {"order": 0}, "v1.40.0": {"order": 1}, "v1.56.0": {"order": 2}},
	"settings": {
		"SPICEDB_ALWAYS": [{"since": "v1.30.0", "type": "bool"}],
		"SPICEDB_OLD": [{"since": "v1.30.0", "until": "v1.40.0", "type": "int"}],
	},
}

found(version, variables) := [types, names] if {
	types := [flag |
		some looked in data.lib.inventory.containers
		some flag in looked.flags
	] with input as testing.server(variables, {"image": concat(":", ["spicedb", version])})
		with data.spicedb_flags as flags
	names := [setting.name |
		some looked in data.lib.inventory.containers
		some setting in looked.settings
	] with input as testing.server(variables, {"image": concat(":", ["spicedb", version])})
		with data.spicedb_flags as flags
}

test_each_setting_has_the_flag_of_its_version_or_null if {
	variables := {"SPICEDB_ALWAYS": "true", "SPICEDB_OLD": "5", "SPICEDB_X": "", "PGSSLMODE": ""}
	found("v1.40.0", variables) == [
		[flags.settings.SPICEDB_ALWAYS[0], flags.settings.SPICEDB_OLD[0], null],
		["SPICEDB_ALWAYS", "SPICEDB_OLD", "SPICEDB_X"],
	]
	found("v1.56.0", {"SPICEDB_OLD": "5"}) == [[null], ["SPICEDB_OLD"]]
}

test_a_version_that_is_not_known_is_not_looked_up if {
	found("v9.9.9", {"SPICEDB_OLD": "5"}) == [[], []]
	not inventory.known("v9.9.9") with data.spicedb_flags as flags
	not inventory.known(null) with data.spicedb_flags as flags
}

test_a_patch_release_is_its_minor_release if inventory.known("v1.56.9") with data.spicedb_flags as flags

test_the_versions_that_have_a_setting if {
	inventory.span("SPICEDB_ALWAYS") == "since v1.30.0" with data.spicedb_flags as flags
	inventory.span("SPICEDB_OLD") == "from v1.30.0 to v1.40.0" with data.spicedb_flags as flags
	not inventory.span("SPICEDB_X") with data.spicedb_flags as flags
}
