package workload.known_settings_test

import data.lib.testing
import data.workload.known_settings.deny
import data.workload.known_settings.observations
import rego.v1

versions := {"v1.30.0": {"order": 0}, "v1.40.0": {"order": 1}, "v1.40.2": {"order": 2}, "v1.56.0": {"order": 3}}

inventory := {"versions": versions, "settings": {
	"SPICEDB_LOG_LEVEL": [{"since": "v1.30.0", "type": "string", "commands": ["serve", "migrate"]}],
	"SPICEDB_HTTP_ENABLED": [{"since": "v1.30.0", "type": "bool", "commands": ["serve"]}],
	"SPICEDB_GRACE": [{"since": "v1.30.0", "type": "duration", "commands": ["serve"]}],
	"SPICEDB_DEPTH": [{"since": "v1.30.0", "type": "uint32", "commands": ["serve"]}],
	"SPICEDB_POOL": [{"since": "v1.30.0", "type": "int", "commands": ["serve"]}],
	"SPICEDB_RATIO": [{"since": "v1.30.0", "type": "float64", "commands": ["serve"]}],
	"SPICEDB_KEYS": [{"since": "v1.30.0", "type": "stringSlice", "commands": ["serve"]}],
	"SPICEDB_SMALL": [{"since": "v1.30.0", "type": "uint8", "commands": ["serve"]}],
	"SPICEDB_PAIRS": [{"since": "v1.30.0", "type": "stringToString", "commands": ["serve"]}],
	"SPICEDB_NEW": [{"since": "v1.40.2", "type": "bool", "commands": ["serve"]}],
	"SPICEDB_OLD": [
		{"since": "v1.30.0", "until": "v1.30.0", "type": "string", "commands": ["serve"]},
		{"since": "v1.40.0", "until": "v1.40.0", "type": "bool", "commands": ["serve"]},
	],
}}

image := {"image": "spicedb:v1.56.0"}

denied(variables) := findings if {
	findings := {[seen.path, seen.message] |
		some seen in deny
	} with input as testing.server(variables, image)
		with data.spicedb_flags as inventory
}

test_known_settings_hold_in_one_observation if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": ["SPICEDB_HTTP_ENABLED", "SPICEDB_LOG_LEVEL"],
		"expected": "settings of serve with values that parse",
		"holds": true,
		"message": "container \"spicedb\" sets 2 settings that SpiceDB v1.56.0 knows and can read",
	}} with input as testing.server({"SPICEDB_HTTP_ENABLED": "true", "SPICEDB_LOG_LEVEL": "info", "PGSSLMODE": "x"}, image)
		with data.spicedb_flags as inventory
}

test_an_unknown_name_is_denied if {
	denied({"SPICEDB_GRPC_TLS_CA_PATH": "/ca.crt"}) == {[
		"spec.template.spec.containers[0].env[0]",
		"container \"spicedb\" sets SPICEDB_GRPC_TLS_CA_PATH, which is no setting of this version",
	]}
}

test_a_setting_of_another_command_is_denied if {
	{seen.message | some seen in deny} == {
		"container \"migrate\" sets SPICEDB_HTTP_ENABLED, which is no setting of migrate",
	} with input as testing.given([testing.job({"containers": [testing.migrating(
		{"SPICEDB_HTTP_ENABLED": "true", "SPICEDB_LOG_LEVEL": "info"},
		image,
	)]})])
		with data.spicedb_flags as inventory
}

test_values_that_parse_hold if {
	every name, values in {
		"SPICEDB_HTTP_ENABLED": ["true", "false", "1", "F"],
		"SPICEDB_GRACE": ["5s", "1m30s", "0"],
		"SPICEDB_DEPTH": ["0", "50"],
		"SPICEDB_POOL": ["-1", "20"],
		"SPICEDB_RATIO": ["0.01", "1e-2", "1"],
		"SPICEDB_KEYS": ["a,b", ""],
		"SPICEDB_SMALL": ["0", "255"],
		"SPICEDB_PAIRS": ["a=b", "a=b,c=d=e"],
	} {
		every value in values {
			denied({name: value}) == set()
		}
	}
}

test_every_integer_type_is_read_as_an_integer if {
	signed := ["int", "int32", "int64"]
	unsigned := ["uint", "uint8", "uint16", "uint32", "uint64"]
	every type in array.concat(signed, unsigned) {
		flags := {
			"versions": versions,
			"settings": {"SPICEDB_N": [{"since": "v1.56.0", "type": type, "commands": ["serve"]}]},
		}
		wrong := {value |
			some value in ["5", "-5", "five"]
			count(deny) > 0 with input as testing.server({"SPICEDB_N": value}, image)
				with data.spicedb_flags as flags
		}
		wrong == {value | some value in ["-5", "five"]; not _fits(value, type)}
	}
}

_fits("-5", type) if startswith(type, "int")

test_values_that_do_not_parse_are_denied if {
	every name, values in {
		"SPICEDB_HTTP_ENABLED": ["yes", "", true],
		"SPICEDB_GRACE": ["5", "", "1day", 5],
		"SPICEDB_DEPTH": ["-1", "many", "", 50],
		"SPICEDB_POOL": ["2.5", ""],
		"SPICEDB_RATIO": ["half"],
		"SPICEDB_KEYS": [5, ["a"]],
		"SPICEDB_SMALL": ["256", "1000"],
		"SPICEDB_PAIRS": ["a", "", "=b"],
	} {
		every value in values {
			type := inventory.settings[name][0].type
			denied({name: value}) == {[
				"spec.template.spec.containers[0].env[0]",
				sprintf("container \"spicedb\" sets %v, whose value SpiceDB cannot read as %v", [name, type]),
			]}
		}
	}
}

test_a_value_from_a_secret_is_only_known_by_its_name if {
	denied({"SPICEDB_HTTP_ENABLED": testing.secret_key("s", "k")}) == set()
}

test_a_variable_without_a_name_is_denied if {
	{seen.message | some seen in deny} == {
		"container \"spicedb\" has a variable without a readable name",
	} with input as testing.server({}, object.union(image, {"env": [null]}))
		with data.spicedb_flags as inventory
}

test_a_patch_release_has_the_flags_of_its_minor_release if {
	patch := {"image": "spicedb:v1.56.12"}
	deny == set() with input as testing.server({"SPICEDB_HTTP_ENABLED": "true"}, patch)
		with data.spicedb_flags as inventory
	{seen.message | some seen in deny} == {
		"container \"spicedb\" sets SPICEDB_X, which is no setting of this version",
	} with input as testing.server({"SPICEDB_X": "true"}, patch)
		with data.spicedb_flags as inventory
}

said(version, variables) := findings if {
	findings := {seen.message |
		some seen in deny
	} with input as testing.server(variables, {"image": concat(":", ["spicedb", version])})
		with data.spicedb_flags as inventory
}

test_a_setting_is_known_to_the_versions_that_have_it if {
	said("v1.40.2", {"SPICEDB_NEW": "true"}) == set()
	said("v1.56.0", {"SPICEDB_NEW": "true"}) == set()
	said("v1.30.0", {"SPICEDB_OLD": "any text"}) == set()
	said("v1.40.0", {"SPICEDB_OLD": "true"}) == set()
	said("v1.40.0", {"SPICEDB_OLD": "any text"}) == {
		"container \"spicedb\" sets SPICEDB_OLD, whose value SpiceDB cannot read as bool",
	}
}

test_a_setting_of_other_versions_is_denied_with_those_versions if {
	said("v1.40.0", {"SPICEDB_NEW": "true"}) == {
		"container \"spicedb\" sets SPICEDB_NEW, which is no setting of this version: SpiceDB has it since v1.40.2",
	}
	said("v1.40.2", {"SPICEDB_OLD": "true"}) == {
		"container \"spicedb\" sets SPICEDB_OLD, which is no setting of this version: SpiceDB has it from v1.30.0 to v1.40.0",
	}
}

test_an_unknown_version_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].image",
		"v9.9.9",
		"container \"spicedb\" runs SpiceDB v9.9.9, whose flags are not known",
	]} with input as testing.server({}, {"image": "spicedb:v9.9.9"}) with data.spicedb_flags as inventory
	{seen.message | some seen in deny} == {
		"container \"spicedb\" tells no version of SpiceDB by its image's tag or its labels",
	} with input as testing.server({}, {}) with data.spicedb_flags as inventory
}

test_without_an_inventory_nothing_is_known if {
	{seen.value | some seen in deny} == {"v1.56.0"} with input as testing.server({}, image) with data.spicedb_flags as {}
}

test_other_containers_are_not_looked_at if {
	observations == set() with input as testing.container({"env": [{"name": "SPICEDB_X", "value": "1"}]})
}

test_init_containers_and_cron_jobs_are_looked_at if {
	wrong := testing.serving({"SPICEDB_X": "1"}, image)
	{seen.path | some seen in deny} == {
		"spec.template.spec.initContainers[0].env[0]",
		"spec.jobTemplate.spec.template.spec.containers[0].env[0]",
	} with input as testing.given([
		testing.deployment({"initContainers": [wrong], "containers": [{"name": "main"}]}),
		testing.cron_job({"containers": [wrong]}),
	])
		with data.spicedb_flags as inventory
}

test_a_word_that_spicedb_does_not_know_is_denied if {
	denied({"SPICEDB_LOG_LEVEL": "verbose"}) == {[
		"spec.template.spec.containers[0].env[0]",
		"container \"spicedb\" sets SPICEDB_LOG_LEVEL, whose value is none of trace, debug, info, warn, error, fatal, panic, disabled",
	]}
	denied({"SPICEDB_LOG_LEVEL": testing.secret_key("s", "k")}) == set()
}

test_a_flag_among_the_arguments_is_the_variable_of_its_name if {
	{[seen.path, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].args[1]",
		"container \"spicedb\" sets SPICEDB_GRACE, whose value SpiceDB cannot read as duration",
	]} with input as testing.server({}, {"image": "spicedb:v1.56.0", "args": ["serve", "--grace=5", "--http-enabled"]})
		with data.spicedb_flags as inventory
}
