package transport.tls_material_mounted_test

import data.lib.testing
import data.transport.tls_material_mounted.deny
import data.transport.tls_material_mounted.observations
import rego.v1

pod(variables, mounted, volumes) := testing.given([testing.deployment({
	"volumes": volumes,
	"containers": [testing.serving(variables, {"volumeMounts": mounted})],
})])

certificate := {"SPICEDB_GRPC_TLS_CERT_PATH": "/tls/tls.crt"}

mount := {"name": "tls", "mountPath": "/tls"}

secret := {"name": "tls", "secret": {"secretName": "tls"}}

said := {seen.message | some seen in deny}

test_a_file_of_a_mounted_secret_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0]",
		"value": "/tls/tls.crt",
		"expected": "a file of a mounted Secret, without subPath",
		"holds": true,
		"message": "container \"spicedb\" has SPICEDB_GRPC_TLS_CERT_PATH at /tls/tls.crt, a file of a mounted Secret",
	}} with input as pod(certificate, [mount], [secret])
}

test_a_path_that_nothing_covers_is_denied if {
	said == {"container \"spicedb\" has SPICEDB_GRPC_TLS_CERT_PATH at /tls/tls.crt, which no mount covers"} with input as pod(
		certificate,
		[],
		[secret],
	)
}

test_another_volume_is_denied if {
	said == {concat(" ", [
		"container \"spicedb\" has SPICEDB_GRPC_TLS_CERT_PATH at /tls/tls.crt,",
		"which lies in a volume of type emptyDir",
	])} with input as pod(certificate, [mount], [{"name": "tls", "emptyDir": {}}])
}

test_a_subpath_is_denied if {
	said == {concat(" ", [
		"container \"spicedb\" has SPICEDB_GRPC_TLS_CERT_PATH at /tls/tls.crt,",
		"which is mounted with subPath",
	])} with input as pod(certificate, [object.union(mount, {"subPath": "live"})], [secret])
}

bringing(file) := {"name": "tls", "secret": {"secretName": "tls", "items": [{"key": "tls.crt", "path": file}]}}

test_a_file_that_the_volume_leaves_out_is_denied if {
	count(deny) == 1 with input as pod(certificate, [mount], [bringing("cert.pem")])
	count(deny) == 0 with input as pod(certificate, [mount], [bringing("tls.crt")])
}

test_a_path_that_cannot_be_seen_is_denied if {
	{seen.value | some seen in deny} == {null} with input as pod(
		{"SPICEDB_GRPC_TLS_CERT_PATH": testing.secret_key("s", "k")},
		[mount],
		[secret],
	)
}

test_every_kind_of_file_is_looked_at if {
	files := {
		"SPICEDB_DISPATCH_CLUSTER_TLS_KEY_PATH": "/tls/tls.key",
		"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": "/tls/ca.crt",
		"SPICEDB_TELEMETRY_CA_OVERRIDE_PATH": "/tls/ca.crt",
		"PGSSLCERT": "/tls/tls.crt",
		"PGSSLKEY": "/tls/tls.key",
		"PGSSLROOTCERT": "/tls/ca.crt",
		"SPICEDB_DATASTORE_ENGINE": "postgres",
		"SPICEDB_TERMINATION_LOG_PATH": "/dev/termination-log",
	}
	count(observations) == 6 with input as pod(files, [mount], [secret])
	count(deny) == 6 with input as pod(files, [], [])
}

test_the_ca_that_a_visible_uri_names_is_looked_at if {
	{[seen.path, seen.value] | some seen in observations} == {[
		"spec.template.spec.containers[0].env[0]",
		"/elsewhere/ca.crt",
	]} with input as pod(
		{
			"SPICEDB_DATASTORE_CONN_URI": "postgres://db/spicedb?sslrootcert=/elsewhere/ca.crt",
			"SPICEDB_DATASTORE_ENGINE": "postgres",
		},
		[mount],
		[secret],
	)
}

test_a_credential_in_place_of_a_path_is_not_repeated if {
	{seen.value | some seen in deny} == {"******** (31 characters)"} with input as pod(
		{"SPICEDB_GRPC_TLS_KEY_PATH": "-----BEGIN EC PRIVATE KEY-----\n"},
		[mount],
		[secret],
	)
}

test_without_tls_there_is_nothing_to_look_at if {
	observations == set() with input as pod({}, [mount], [secret])
}

test_a_database_without_a_ca_has_no_file_to_look_for if {
	observations == set() with input as pod({"SPICEDB_DATASTORE_ENGINE": "postgres"}, [], [])
}

test_an_empty_path_is_none if {
	observations == set() with input as pod({"SPICEDB_DISPATCH_UPSTREAM_CA_PATH": ""}, [], [])
}
