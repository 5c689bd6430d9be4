package transport.probe_matches_tls_test

import data.lib.testing
import data.transport.probe_matches_tls.deny
import data.transport.probe_matches_tls.observations
import rego.v1

tls := {"SPICEDB_GRPC_TLS_CERT_PATH": "/tls.crt", "SPICEDB_GRPC_TLS_KEY_PATH": "/tls.key"}

holds(variables, probe) := verdicts if {
	verdicts := {seen.holds | some seen in observations} with input as testing.server(variables, {"livenessProbe": probe})
}

health(arguments) := {"exec": {"command": array.concat(["grpc_health_probe", "-addr=localhost:50051"], arguments)}}

test_a_probe_with_tls_of_a_listener_with_tls_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].readinessProbe.exec.command",
		"value": true,
		"expected": true,
		"holds": true,
		"message": "container \"spicedb\" probes the grpc listener with TLS; the listener has TLS",
	}} with input as testing.server(tls, {"readinessProbe": health(["-tls", "-tls-no-verify"])})
}

test_a_plain_probe_of_a_plain_listener_holds if holds({}, health([])) == {true}

test_a_plain_probe_of_a_listener_with_tls_is_denied if {
	{seen.message | some seen in deny} == {
		"container \"spicedb\" probes the grpc listener without TLS; the listener has TLS",
	} with input as testing.server(tls, {"startupProbe": health([])})
}

test_a_probe_with_tls_of_a_plain_listener_is_denied if holds({}, health(["-tls"])) == {false}

test_the_flag_may_be_written_in_other_ways if {
	every flag in ["--tls", "-tls=true", "--tls=true"] {
		holds(tls, health([flag])) == {true}
	}
	every flag in ["-tls=false", "-tls-no-verify", "-tls-ca-cert=/ca.crt"] {
		holds(tls, health([flag])) == {false}
	}
}

test_the_program_may_be_named_by_its_path if {
	holds(tls, {"exec": {"command": ["/usr/local/bin/grpc_health_probe"]}}) == {false}
}

test_kubernetes_own_grpc_probe_cannot_speak_tls if {
	holds(tls, {"grpc": {"port": 50051}}) == {false}
	holds({}, {"grpc": {"port": 50051}}) == {true}
}

test_an_http_probe_speaks_as_its_listener_does if {
	http := {"SPICEDB_HTTP_TLS_CERT_PATH": "/tls.crt", "SPICEDB_HTTP_TLS_KEY_PATH": "/tls.key"}
	holds(http, {"httpGet": {"port": "http", "scheme": "HTTPS"}}) == {true}
	holds(http, {"httpGet": {"port": 8443}}) == {false}
	holds({}, {"httpGet": {"port": 9090}}) == {true}
}

test_a_probe_that_asks_no_listener_is_denied if {
	every probe in [
		{"exec": {"command": ["true"]}},
		{"exec": {"command": "grpc_health_probe"}},
		{"exec": {}},
		{"httpGet": {"port": 1}},
		{"httpGet": {}},
		{"httpGet": "text"},
	] {
		holds(tls, probe) == {false}
	}
	{[seen.path, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].livenessProbe",
		"container \"spicedb\" has a livenessProbe that asks no listener of SpiceDB",
	]} with input as testing.server(tls, {"livenessProbe": {"exec": {}}})
}

test_a_probe_of_an_open_port_needs_no_tls if {
	{[seen.path, seen.holds, seen.message] | some seen in observations} == {[
		"spec.template.spec.containers[0].livenessProbe.tcpSocket",
		true,
		"container \"spicedb\" probes whether a port is open, which needs no TLS",
	]} with input as testing.server(tls, {"livenessProbe": {"tcpSocket": {"port": 50051}}})
}

test_no_probe_is_another_rules_question if {
	every probe in [null, {}, "text", {"periodSeconds": 10}, {"exec": null}] {
		holds(tls, probe) == set()
	}
	observations == set() with input as testing.server(tls, {})
}
