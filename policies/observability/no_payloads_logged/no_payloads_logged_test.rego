package observability.no_payloads_logged_test

import data.lib.testing
import data.observability.no_payloads_logged.deny
import data.observability.no_payloads_logged.observations
import rego.v1

denied(variables, fields) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.server(variables, fields)
}

first := {"spec.template.spec.containers[0].env[0]"}

test_switches_that_are_off_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[0]",
			"value": "false",
			"expected": "off",
			"holds": true,
			"message": "container \"spicedb\" sets SPICEDB_GRPC_LOG_REQUESTS_ENABLED to false",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env",
			"value": null,
			"expected": "off",
			"holds": true,
			"message": "container \"spicedb\" does not set SPICEDB_GRPC_LOG_RESPONSES_ENABLED",
		},
	} with input as testing.server({"SPICEDB_GRPC_LOG_REQUESTS_ENABLED": "false"}, {})
	denied({}, {"envFrom": [{"secretRef": {"name": "more"}}]}) == set()
}

test_switches_that_are_on_are_denied if {
	denied({"SPICEDB_GRPC_LOG_REQUESTS_ENABLED": "true"}, {}) == first
	denied({"SPICEDB_GRPC_LOG_RESPONSES_ENABLED": "1"}, {}) == first
	denied({"SPICEDB_GRPC_LOG_RESPONSES_ENABLED": testing.secret_key("a", "b")}, {}) == first
	denied({}, {"args": ["serve", "--grpc-log-requests-enabled"]}) == {"spec.template.spec.containers[0].args[1]"}
}

test_what_does_not_parse_is_off if denied({"SPICEDB_GRPC_LOG_REQUESTS_ENABLED": 7}, {}) == set()

test_a_cron_job_is_looked_at if {
	serving := testing.serving({"SPICEDB_GRPC_LOG_REQUESTS_ENABLED": "true"}, {})
	{seen.path | some seen in deny} == {"spec.jobTemplate.spec.template.spec.containers[0].env[0]"} with input as testing.given([
		testing.cron_job({"containers": [serving]}),
	])
}
