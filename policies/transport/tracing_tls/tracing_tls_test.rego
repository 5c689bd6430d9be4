package transport.tracing_tls_test

import data.lib.testing
import data.transport.tracing_tls.deny
import data.transport.tracing_tls.observations
import rego.v1

traced := {"SPICEDB_OTEL_ENDPOINT": "collector:4317", "SPICEDB_OTEL_INSECURE": "false", "SPICEDB_OTEL_PROVIDER": "otlpgrpc"}

denied(variables) := {found.path | some found in seen} if {
	seen := deny with input as testing.server(variables, {})
}

container := "spec.template.spec.containers[0]."

test_traces_over_tls_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[1]",
		"value": "false",
		"expected": "off, and no http address",
		"holds": true,
		"message": "container \"spicedb\" sends traces over TLS",
	}} with input as testing.server(traced, {})
	denied(object.remove(traced, ["SPICEDB_OTEL_INSECURE"])) == set()
}

test_no_traces_hold if {
	{[seen.path, seen.message] | some seen in observations} == {[
		"spec.template.spec.containers[0].env",
		"container \"spicedb\" sends no traces",
	]} with input as testing.server({}, {})
	denied({"SPICEDB_OTEL_PROVIDER": "none", "SPICEDB_OTEL_INSECURE": "true"}) == set()
}

test_plaintext_is_denied if {
	denied(object.union(traced, {"SPICEDB_OTEL_INSECURE": "true"})) == {concat("", [container, "env[1]"])}
	denied(object.union(traced, {"SPICEDB_OTEL_ENDPOINT": "http://collector:4318"})) == {concat("", [container, "env[1]"])}
}

test_what_is_not_visible_is_denied if {
	denied(object.union(traced, {"SPICEDB_OTEL_INSECURE": testing.secret_key("a", "b")})) == {concat("", [container, "env[1]"])}
	denied({"SPICEDB_OTEL_PROVIDER": testing.secret_key("a", "b"), "SPICEDB_OTEL_INSECURE": "true"}) == {concat("", [container, "env[0]"])}
}

test_variables_from_elsewhere_name_no_provider if {
	{seen.message | some seen in observations} == {"container \"spicedb\" sends no traces"} with input as testing.server(
		{},
		{"envFrom": [{"configMapRef": {"name": "more"}}]},
	)
}

test_a_value_of_another_type_is_no_switch if {
	denied(object.union(traced, {"SPICEDB_OTEL_INSECURE": 1})) == set()
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in observations} == {"spec.jobTemplate.spec.template.spec.containers[0].env"} with input as testing.given([
		testing.cron_job({"containers": [testing.serving({}, {})]}),
	])
}
