package datastore.persistent_engine_test

import data.datastore.persistent_engine.deny
import data.datastore.persistent_engine.observations
import data.lib.testing
import rego.v1

denied(variables) := findings if {
	findings := {[seen.path, seen.value] | some seen in deny} with input as testing.server(variables, {})
}

test_a_database_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0]",
		"value": "postgres",
		"expected": "an engine other than memory",
		"holds": true,
		"message": "container \"spicedb\" sets SPICEDB_DATASTORE_ENGINE to postgres",
	}} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "postgres"}, {})
}

test_memory_is_denied if {
	denied({"SPICEDB_DATASTORE_ENGINE": "memory"}) == {["spec.template.spec.containers[0].env[0]", "memory"]}
}

test_no_engine_means_memory_and_is_denied if {
	denied({}) == {["spec.template.spec.containers[0].env", null]}
	denied({"SPICEDB_DATASTORE_ENGINE": ""}) == {["spec.template.spec.containers[0].env[0]", ""]}
	denied({"SPICEDB_DATASTORE_ENGINE": 5}) == {["spec.template.spec.containers[0].env[0]", 5]}
}

test_an_engine_that_cannot_be_seen_is_denied if {
	denied({"SPICEDB_DATASTORE_ENGINE": testing.secret_key("s", "k")}) == {["spec.template.spec.containers[0].env[0]", null]}
}

test_migrations_are_not_looked_at if {
	observations == set() with input as testing.given([testing.job({"containers": [testing.migrating({}, {})]})])
}
