package network.outside_calls_test

import data.lib.testing
import data.network.outside_calls.observations
import data.network.outside_calls.warn
import rego.v1

quiet := {"SPICEDB_TELEMETRY_ENDPOINT": "", "SPICEDB_SKIP_RELEASE_CHECK": "true"}

said(variables) := {found.message | some found in seen} if {
	seen := warn with input as testing.server(variables, {})
}

told(name, value) := said(object.union(quiet, {name: value}))

test_a_server_that_calls_nobody_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[1]",
			"value": "",
			"expected": "nothing, or an https address",
			"holds": true,
			"message": "container \"spicedb\" sets SPICEDB_TELEMETRY_ENDPOINT to ",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[0]",
			"value": "true",
			"expected": true,
			"holds": true,
			"message": "container \"spicedb\" sets SPICEDB_SKIP_RELEASE_CHECK to true",
		},
	} with input as testing.server(quiet, {})
	told("SPICEDB_TELEMETRY_ENDPOINT", "https://statistics.example.com") == set()
}

test_what_is_left_out_is_warned_of if {
	said({}) == {
		"container \"spicedb\" does not set SPICEDB_TELEMETRY_ENDPOINT",
		"container \"spicedb\" does not set SPICEDB_SKIP_RELEASE_CHECK",
	}
}

test_plaintext_and_what_is_not_visible_are_warned_of if {
	told("SPICEDB_TELEMETRY_ENDPOINT", "http://statistics.example.com") == {"container \"spicedb\" sets SPICEDB_TELEMETRY_ENDPOINT to http://statistics.example.com"}
	told("SPICEDB_TELEMETRY_ENDPOINT", testing.secret_key("a", "b")) == {"container \"spicedb\" takes SPICEDB_TELEMETRY_ENDPOINT from elsewhere, so its value is not visible"}
	told("SPICEDB_TELEMETRY_ENDPOINT", 1) == {"container \"spicedb\" sets SPICEDB_TELEMETRY_ENDPOINT to 1"}
	told("SPICEDB_SKIP_RELEASE_CHECK", "false") == {"container \"spicedb\" sets SPICEDB_SKIP_RELEASE_CHECK to false"}
}

test_a_migration_by_cron_job_is_asked_about_releases if {
	{seen.path | some seen in warn} == {"spec.jobTemplate.spec.template.spec.containers[0].env"} with input as testing.given([
		testing.cron_job({"containers": [testing.migrating({}, {})]}),
	])
}
