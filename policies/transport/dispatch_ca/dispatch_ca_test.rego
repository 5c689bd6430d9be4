package transport.dispatch_ca_test

import data.lib.testing
import data.transport.dispatch_ca.deny
import data.transport.dispatch_ca.observations
import rego.v1

server_tls := {
	"SPICEDB_DISPATCH_CLUSTER_ENABLED": "true",
	"SPICEDB_DISPATCH_CLUSTER_TLS_CERT_PATH": "/tls.crt",
	"SPICEDB_DISPATCH_CLUSTER_TLS_KEY_PATH": "/tls.key",
}

plain := {"SPICEDB_DISPATCH_CLUSTER_ENABLED": "true"}

upstream := {"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch"}

ca := {"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": "/ca.crt"}

denied(variables) := findings if {
	findings := {seen.message |
		some seen in deny
	} with input as testing.server(object.union_n(variables), {})
}

no_ca := "container \"spicedb\" does not set SPICEDB_DISPATCH_UPSTREAM_CA_PATH"

a_ca := "container \"spicedb\" sets SPICEDB_DISPATCH_UPSTREAM_CA_PATH to /ca.crt"

no_address := "container \"spicedb\" does not set SPICEDB_DISPATCH_UPSTREAM_ADDR"

an_address := "container \"spicedb\" sets SPICEDB_DISPATCH_UPSTREAM_ADDR to kubernetes:///spicedb:dispatch"

test_tls_on_both_sides_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[4]",
			"value": "/ca.crt",
			"expected": "the path of the CA's certificate, as the dispatch server has TLS",
			"holds": true,
			"message": a_ca,
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env[3]",
			"value": "kubernetes:///spicedb:dispatch",
			"expected": "an address, as the dispatch server listens",
			"holds": true,
			"message": an_address,
		},
	} with input as testing.server(object.union_n([server_tls, upstream, ca]), {})
}

test_plaintext_on_both_sides_agrees if denied([plain, upstream]) == set()

test_a_client_without_a_ca_is_denied if denied([server_tls, upstream]) == {no_ca}

test_a_client_with_a_ca_for_a_plain_server_is_denied if denied([plain, upstream, ca]) == {a_ca}

test_a_server_without_a_client_is_denied if denied([plain]) == {no_address}

test_a_client_without_a_server_is_denied if {
	denied([upstream]) == {an_address}
	off := {"SPICEDB_DISPATCH_CLUSTER_ENABLED": "false"}
	denied([server_tls, off, upstream, ca]) == {an_address, a_ca}
}

test_what_cannot_be_seen_is_denied if {
	hidden_ca := {"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": testing.secret_key("s", "k")}
	count(denied([plain, upstream, hidden_ca])) == 1
	count(denied([server_tls, upstream, hidden_ca])) == 1
	hidden_address := {"SPICEDB_DISPATCH_UPSTREAM_ADDR": testing.secret_key("s", "k")}
	count(denied([hidden_address])) == 1
}

test_what_may_come_from_elsewhere_is_denied if {
	{seen.value | some seen in deny} == {null} with input as testing.server(
		object.union(plain, upstream),
		{"envFrom": [{"configMapRef": {"name": "c"}}]},
	)
}

test_an_empty_value_is_none if {
	denied([plain, upstream, {"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": ""}]) == set()
	count(denied([server_tls, upstream, {"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": ""}])) == 1
	observations == set() with input as testing.server({"SPICEDB_DISPATCH_UPSTREAM_ADDR": ""}, {})
}

test_without_dispatch_there_is_nothing_to_look_at if {
	observations == set() with input as testing.server({}, {})
}
