package datastore.bounded_staleness_test

import data.datastore.bounded_staleness.deny
import data.datastore.bounded_staleness.observations
import data.lib.testing
import rego.v1

limit := {"max_staleness_seconds": 30}

quantized(interval) := {"SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL": interval}

denied(variables) := found if {
	found := {seen.value | some seen in deny} with input as testing.server(variables, {}) with data.parameters as limit
}

test_the_defaults_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": 5.5,
		"expected": "at most 30",
		"holds": true,
		"message": "container \"spicedb\" answers from at most 5.5 seconds ago",
	}} with input as testing.server({}, {}) with data.parameters as limit
}

test_longer_than_the_limit_is_denied if {
	denied(quantized("1m")) == {66}
	denied({"SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION": "25s"}) == {30.5}
}

test_what_is_not_visible_is_denied if denied(quantized(testing.secret_key("s", "k"))) == {null}

test_what_does_not_parse_is_zero_as_for_spicedb if denied(quantized("long")) == set()

test_a_cron_job_is_looked_at_and_a_migration_is_not if {
	count(deny) == 1 with input as testing.given([testing.cron_job({"containers": [testing.serving(quantized("1h"), {})]})])
		with data.parameters as limit
	observations == set() with input as testing.given([testing.job({"containers": [testing.migrating({}, {})]})])
		with data.parameters as limit
}

test_a_missing_limit_is_denied if {
	{seen.expected | some seen in deny} == {"the parameter max_staleness_seconds, a number"} with input as testing.server({}, {})
		with data.parameters as {}
}
