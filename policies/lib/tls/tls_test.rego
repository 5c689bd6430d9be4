package lib.tls_test

import data.lib.testing
import data.lib.tls
import rego.v1

listening := {listener |
	some server in data.lib.spicedb.servers
	some listener, _ in data.lib.tls.listeners
	tls.listens(server, listener)
}

test_grpc_and_metrics_listen_by_themselves if listening == {"grpc", "metrics"} with input as testing.server({}, {})

test_http_and_dispatch_listen_if_switched_on if {
	listening == {"dispatch", "grpc", "http", "metrics"} with input as testing.server(
		{"SPICEDB_HTTP_ENABLED": "true", "SPICEDB_DISPATCH_CLUSTER_ENABLED": "true"},
		{},
	)
}

test_a_switch_turns_a_listener_off if {
	listening == set() with input as testing.server(
		{"SPICEDB_GRPC_ENABLED": "false", "SPICEDB_METRICS_ENABLED": "false"},
		{},
	)
}

test_a_listener_whose_switch_cannot_be_seen_may_listen if {
	listening == {"grpc", "http", "metrics"} with input as testing.server(
		{"SPICEDB_HTTP_ENABLED": {"configMapKeyRef": {"name": "c", "key": "http"}}},
		{},
	)
}

on(variables) := answers if {
	answers := [tls.on(server, "grpc") | some server in data.lib.spicedb.servers] with input as testing.server(variables, {})
}

test_tls_needs_certificate_and_key if {
	on({"SPICEDB_GRPC_TLS_CERT_PATH": "/c", "SPICEDB_GRPC_TLS_KEY_PATH": "/k"}) == [true]
	on({"SPICEDB_GRPC_TLS_CERT_PATH": "/c"}) == [false]
	on({"SPICEDB_GRPC_TLS_CERT_PATH": "/c", "SPICEDB_GRPC_TLS_KEY_PATH": ""}) == [false]
	on({"SPICEDB_GRPC_TLS_CERT_PATH": "/c", "SPICEDB_GRPC_TLS_KEY_PATH": testing.secret_key("s", "k")}) == [false]
	on({}) == [false]
}

test_each_file_of_a_listener_is_observed if {
	seen := testing.verdicts(tls.observations("http")) with input as testing.server(
		{"SPICEDB_HTTP_ENABLED": "true", "SPICEDB_HTTP_TLS_CERT_PATH": "/c"},
		{},
	)
	seen == {
		["spec.template.spec.containers[0].env[1]", true],
		["spec.template.spec.containers[0].env", false],
	}
}

test_a_listener_that_is_off_is_not_observed if {
	seen := tls.observations("http") with input as testing.server({}, {})
	seen == []
}

test_every_server_is_observed if {
	servers := testing.given([
		testing.deployment({"containers": [testing.serving({}, {})]}),
		testing.cron_job({"containers": [testing.serving({"SPICEDB_GRPC_TLS_CERT_PATH": "/c"}, {})]}),
		testing.workload("apps/v1", "StatefulSet", {"containers": [testing.serving({"SPICEDB_GRPC_ENABLED": "false"}, {})]}),
	])
	seen := [[found.subject, found.holds] | some found in tls.observations("grpc")] with input as servers
	seen == [
		["apps/v1/Deployment/here/app", false],
		["apps/v1/Deployment/here/app", false],
		["batch/v1/CronJob/here/app", true],
		["batch/v1/CronJob/here/app", false],
	]
}

test_a_server_beside_two_equal_ones_is_observed if {
	plain := testing.deployment({"containers": [testing.serving({}, {})]})
	other := testing.deployment({"containers": [testing.serving({"SPICEDB_METRICS_TLS_CERT_PATH": "/c"}, {})]})
	seen := testing.verdicts(tls.observations("metrics")) with input as testing.given([other, plain, plain])
	seen == {
		["spec.template.spec.containers[0].env[0]", true],
		["spec.template.spec.containers[0].env", false],
	}
}
