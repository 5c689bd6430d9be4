package transport.grpc_tls_test

import data.lib.testing
import data.transport.grpc_tls.deny
import data.transport.grpc_tls.observations
import rego.v1

listening := {}

certificate := {"SPICEDB_GRPC_TLS_CERT_PATH": "/tls/tls.crt"}

key := {"SPICEDB_GRPC_TLS_KEY_PATH": "/tls/tls.key"}

serving(variables) := testing.server(object.union(listening, variables), {})

missing := {seen.message | some seen in deny}

no_certificate := "container \"spicedb\" does not set SPICEDB_GRPC_TLS_CERT_PATH"

no_key := "container \"spicedb\" does not set SPICEDB_GRPC_TLS_KEY_PATH"

test_certificate_and_key_hold if {
	{[seen.value, seen.expected, seen.holds] | some seen in observations} == {
		["/tls/tls.crt", "the path of a mounted file", true],
		["/tls/tls.key", "the path of a mounted file", true],
	} with input as serving(object.union(certificate, key))
}

test_plaintext_is_denied if {
	missing == {no_certificate, no_key} with input as serving({})
}

test_one_file_alone_is_denied if {
	missing == {no_key} with input as serving(certificate)
	missing == {no_certificate} with input as serving(key)
}

test_an_empty_path_or_one_that_cannot_be_seen_is_denied if {
	every value in ["", 5, testing.secret_key("s", "k")] {
		variables := object.union(certificate, {"SPICEDB_GRPC_TLS_KEY_PATH": value})
		count(deny) == 1 with input as serving(variables)
	}
}

test_a_listener_that_is_off_is_not_looked_at if {
	observations == set() with input as testing.server({"SPICEDB_GRPC_ENABLED": "false"}, {})
}

test_a_switch_that_cannot_be_seen_counts_as_on if {
	hidden := {"SPICEDB_GRPC_ENABLED": {"configMapKeyRef": {"name": "c", "key": "k"}}}
	count(deny) == 2 with input as testing.server(hidden, {})
}

test_other_containers_are_not_looked_at if {
	observations == set() with input as testing.given([testing.job({"containers": [testing.migrating(listening, {})]})])
}
