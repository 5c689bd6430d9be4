package observability.log_level_test

import data.lib.testing
import data.observability.log_level.observations
import data.observability.log_level.warn
import rego.v1

said(variables) := found if {
	found := {seen.message | some seen in warn} with input as testing.server(variables, {})
}

test_info_in_json_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[1]",
			"value": "info",
			"expected": "info or above",
			"holds": true,
			"message": "container \"spicedb\" sets SPICEDB_LOG_LEVEL to info",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[0]",
			"value": "json",
			"expected": "json, or auto",
			"holds": true,
			"message": "container \"spicedb\" sets SPICEDB_LOG_FORMAT to json",
		},
	} with input as testing.server({"SPICEDB_LOG_LEVEL": "info", "SPICEDB_LOG_FORMAT": "json"}, {})
}

test_the_defaults_hold if said({}) == set()

test_more_than_info_is_warned_of if {
	said({"SPICEDB_LOG_LEVEL": "debug"}) == {"container \"spicedb\" sets SPICEDB_LOG_LEVEL to debug"}
	said({"SPICEDB_LOG_LEVEL": 1}) == {"container \"spicedb\" sets SPICEDB_LOG_LEVEL to 1"}
	said({"SPICEDB_LOG_LEVEL": testing.secret_key("a", "b")}) == {"container \"spicedb\" takes SPICEDB_LOG_LEVEL from elsewhere, so its value is not visible"}
}

test_the_format_for_people_is_warned_of if {
	said({"SPICEDB_LOG_FORMAT": "console"}) == {"container \"spicedb\" sets SPICEDB_LOG_FORMAT to console"}
}

test_a_migration_by_cron_job_is_looked_at if {
	{seen.path | some seen in warn} == {"spec.jobTemplate.spec.template.spec.containers[0].env[0]"} with input as testing.given([
		testing.cron_job({"containers": [testing.migrating({"SPICEDB_LOG_LEVEL": "trace"}, {})]}),
	])
}
