package datastore.no_bootstrap_test

import data.datastore.no_bootstrap.deny
import data.datastore.no_bootstrap.observations
import data.lib.testing
import rego.v1

names(variables) := found if {
	found := {seen.value | some seen in deny} with input as testing.server(object.union({"SPICEDB_DATASTORE_ENGINE": "postgres"}, variables), {})
}

files(value) := {"SPICEDB_DATASTORE_BOOTSTRAP_FILES": value}

overwrite(value) := {"SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE": value}

test_a_server_without_a_file_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"spicedb\" writes over its datastore by 0 settings",
	}} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "postgres"}, {})
}

test_a_file_is_denied if {
	names(files("/bootstrap/schema.yaml")) == {["SPICEDB_DATASTORE_BOOTSTRAP_FILES"]}
	names(files(5)) == {["SPICEDB_DATASTORE_BOOTSTRAP_FILES"]}
	names(files(testing.secret_key("s", "k"))) == {["SPICEDB_DATASTORE_BOOTSTRAP_FILES"]}
	names(files("")) == set()
}

test_overwriting_is_denied if {
	names(overwrite("true")) == {["SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE"]}
	names(overwrite(testing.secret_key("s", "k"))) == {["SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE"]}
	names(overwrite("false")) == set()
}

test_the_memory_engine_may if {
	every engine in ["memory", ""] {
		observations == set() with input as testing.server(object.union(files("x"), {"SPICEDB_DATASTORE_ENGINE": engine}), {})
	}
	observations == set() with input as testing.server(files("x"), {})
}

test_an_engine_that_is_not_visible_may_be_a_database if {
	count(names({"SPICEDB_DATASTORE_ENGINE": testing.secret_key("s", "k"), "SPICEDB_DATASTORE_BOOTSTRAP_FILES": "x"})) == 1
}

test_a_cron_job_is_looked_at if {
	count(observations) == 1 with input as testing.given([testing.cron_job({"containers": [testing.serving({"SPICEDB_DATASTORE_ENGINE": "mysql"}, {})]})])
}
