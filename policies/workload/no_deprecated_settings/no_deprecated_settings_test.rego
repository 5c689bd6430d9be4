package workload.no_deprecated_settings_test

import data.lib.testing
import data.workload.no_deprecated_settings.observations
import data.workload.no_deprecated_settings.warn
import rego.v1

flags := {
	"versions": {"v1.40.0": {"order": 0}, "v1.56.0": {"order": 1}},
	"settings": {
		"SPICEDB_A": [{"since": "v1.40.0", "type": "bool", "commands": ["serve", "migrate"]}],
		"SPICEDB_B": [
			{"since": "v1.40.0", "until": "v1.40.0", "type": "bool", "commands": ["serve", "migrate"]},
			{"since": "v1.56.0", "type": "bool", "commands": ["serve", "migrate"], "deprecated": "it does nothing"},
		],
	},
}

warned(objects) := found if {
	found := {[seen.path, seen.value] | some seen in warn} with input as testing.given(objects) with data.spicedb_flags as flags
}

serving(variables, version) := testing.serving(variables, {"image": concat(":", ["spicedb", version])})

test_settings_in_use_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"spicedb\" sets 1 settings, none of which SpiceDB v1.56.0 has given up",
	}} with input as testing.server({"SPICEDB_A": "true"}, {"image": "spicedb:v1.56.0"}) with data.spicedb_flags as flags
}

test_a_setting_that_was_given_up_is_warned_of if {
	{seen.message | some seen in warn} == {"container \"spicedb\" sets SPICEDB_B, of which SpiceDB v1.56.0 says: it does nothing"} with input as testing.server({"SPICEDB_B": "true"}, {"image": "spicedb:v1.56.0"})
		with data.spicedb_flags as flags
}

test_an_older_version_has_not_given_it_up if {
	warned([testing.deployment({"containers": [serving({"SPICEDB_B": "true"}, "v1.40.0")]})]) == set()
}

test_arguments_init_containers_and_cron_jobs_are_looked_at if {
	argument := {"name": "main", "image": "spicedb:v1.56.0", "args": ["serve", "--b"]}
	warned([
		testing.deployment({"initContainers": [argument]}),
		testing.cron_job({"containers": [serving({"SPICEDB_B": 5}, "v1.56.0")]}),
	]) == {
		["spec.template.spec.initContainers[0].args[1]", "SPICEDB_B"],
		["spec.jobTemplate.spec.template.spec.containers[0].env[0]", "SPICEDB_B"],
	}
}

test_names_that_no_version_has_are_another_rules_matter if {
	warned([testing.deployment({"containers": [serving({"SPICEDB_X": "1", "PGHOST": "x"}, "v1.56.0")]})]) == set()
	warned([testing.deployment({"containers": [serving({"SPICEDB_B": "1"}, "v9.9.9")]})]) == set()
}
