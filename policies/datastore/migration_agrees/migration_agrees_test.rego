package datastore.migration_agrees_test

import data.datastore.migration_agrees.deny
import data.datastore.migration_agrees.observations
import data.lib.testing
import rego.v1

image := {"image": "spicedb:v1.56.0"}

uri(secret, key) := {"SPICEDB_DATASTORE_CONN_URI": testing.secret_key(secret, key)}

settings := object.union(uri("credentials", "uri"), {"SPICEDB_DATASTORE_ENGINE": "postgres", "PGSSLMODE": "verify-full"})

server := testing.deployment({"containers": [testing.serving(settings, image)]})

migration(variables, fields) := testing.job({"containers": [testing.migrating(variables, fields)]})

denied(variables, fields) := findings if {
	findings := {[seen.path, seen.value, seen.expected] |
		some seen in deny
	} with input as testing.given([server, migration(variables, fields)])
}

test_the_same_settings_hold if {
	observations == {
		{
			"subject": "batch/v1/Job/here/app",
			"path": "spec.template.spec.containers[0].image",
			"value": "spicedb:v1.56.0",
			"expected": "spicedb:v1.56.0",
			"holds": true,
			"message": "container \"migrate\" sets image to spicedb:v1.56.0",
		},
		{
			"subject": "batch/v1/Job/here/app",
			"path": "spec.template.spec.containers[0].env[0]",
			"value": "verify-full",
			"expected": "verify-full",
			"holds": true,
			"message": "container \"migrate\" sets PGSSLMODE to verify-full",
		},
		{
			"subject": "batch/v1/Job/here/app",
			"path": "spec.template.spec.containers[0].env[1]",
			"value": {"kind": "Secret", "name": "credentials", "key": "uri"},
			"expected": {"kind": "Secret", "name": "credentials", "key": "uri"},
			"holds": true,
			"message": "container \"migrate\" takes the datastore's URI from a source of kind Secret, the server from Secret",
		},
		{
			"subject": "batch/v1/Job/here/app",
			"path": "spec.template.spec.containers[0].env[2]",
			"value": "postgres",
			"expected": "postgres",
			"holds": true,
			"message": "container \"migrate\" sets SPICEDB_DATASTORE_ENGINE to postgres",
		},
	} with input as testing.given([server, migration(settings, image)])
}

test_another_image_is_denied if {
	denied(settings, {"image": "spicedb:v1.52.0"}) == {[
		"spec.template.spec.containers[0].image",
		"spicedb:v1.52.0",
		"spicedb:v1.56.0",
	]}
}

test_another_key_of_the_same_secret_holds if {
	denied(object.union(settings, uri("credentials", "migration_uri")), image) == set()
}

test_another_secret_holds_and_the_message_says_what_is_not_visible if {
	changed := object.union(object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"]), uri("other", "uri"))
	denied(changed, image) == set()
	"container \"migrate\" takes the datastore's URI from another Secret than the server, so that it is not visible whether both mean the same datastore" in {seen.message |
		some seen in observations
	} with input as testing.given([server, migration(changed, image)])
}

test_another_secret_behind_the_same_literal_uri_is_denied if {
	rest := object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"])
	literal := object.union(rest, {
		"DATASTORE_URI": testing.secret_key("credentials", "uri"),
		"SPICEDB_DATASTORE_CONN_URI": "$(DATASTORE_URI)&tls=true",
	})
	other := object.union(object.remove(literal, ["DATASTORE_URI"]), {"DATASTORE_URI": "u@tcp(other)/x?parseTime=true"})
	serving := testing.deployment({"containers": [testing.serving(literal, image)]})
	deny == set() with input as testing.given([serving, migration(literal, image)])
	count(deny) == 1 with input as testing.given([serving, migration(other, image)])
}

test_another_source_of_the_uri_is_denied if {
	every source in [
		{"configMapKeyRef": {"name": "credentials", "key": "uri"}},
		"postgres://db/spicedb",
	] {
		changed := object.union(object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"]), {"SPICEDB_DATASTORE_CONN_URI": source})
		count(denied(changed, image)) == 1
	}
	denied(object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"]), image) == {[
		"spec.template.spec.containers[0].env",
		{"kind": "absent"},
		{"kind": "Secret", "name": "credentials", "key": "uri"},
	]}
}

test_another_engine_or_mode_is_denied if {
	denied(object.union(settings, {"SPICEDB_DATASTORE_ENGINE": "cockroachdb"}), image) == {[
		"spec.template.spec.containers[0].env[2]",
		"cockroachdb",
		"postgres",
	]}
	denied(object.remove(settings, ["PGSSLMODE"]), image) == {[
		"spec.template.spec.containers[0].env",
		null,
		"verify-full",
	]}
	denied(object.union(settings, {"PGSSLCERT": "/tls.crt"}), image) == {[
		"spec.template.spec.containers[0].env[0]",
		"/tls.crt",
		null,
	]}
}

test_the_same_literal_uri_is_the_same_source if {
	rest := object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"])
	literal := object.union(rest, {"SPICEDB_DATASTORE_CONN_URI": "postgres://db/one"})
	other := object.union(rest, {"SPICEDB_DATASTORE_CONN_URI": "postgres://db/two"})
	serving := testing.deployment({"containers": [testing.serving(literal, image)]})
	deny == set() with input as testing.given([serving, migration(literal, image)])
	count(deny) == 1 with input as testing.given([serving, migration(other, image)])
}

test_a_migration_without_a_server_is_denied if {
	{seen.message | some seen in deny} == {
		"container \"migrate\" has no server in the rendering to agree with",
	} with input as testing.given([migration(settings, image)])
	elsewhere := object.union(server, {"metadata": {"namespace": "there"}})
	{seen.path | some seen in deny} == {"spec.template.spec.containers[0].args"} with input as testing.given([
		elsewhere,
		migration(settings, image),
	])
}

test_a_server_without_a_migration_is_not_looked_at if {
	observations == set() with input as testing.given([server])
}

test_every_shared_setting_is_compared if {
	every name in [
		"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME",
		"SPICEDB_DATASTORE_MYSQL_TABLE_PREFIX",
		"SPICEDB_DATASTORE_SPANNER_CREDENTIALS",
		"GOOGLE_APPLICATION_CREDENTIALS",
		"PGSSLMODE",
		"PGSSLROOTCERT",
		"PGSSLCERT",
		"PGSSLKEY",
		"PGPASSWORD",
		"SSL_CERT_FILE",
	] {
		changed := object.union(object.remove(settings, [name]), {name: "other"})
		{value | some [_, value, _] in denied(changed, image)} == {"other"}
	}
}

test_an_engine_that_neither_names_is_denied if {
	unnamed := object.remove(settings, ["SPICEDB_DATASTORE_ENGINE"])
	serving := testing.deployment({"containers": [testing.serving(unnamed, image)]})
	{seen.message | some seen in deny} == {
		"container \"migrate\" does not set SPICEDB_DATASTORE_ENGINE",
	} with input as testing.given([serving, migration(unnamed, image)])
}

test_the_same_reference_for_another_setting_holds if {
	referred := object.union(object.remove(settings, ["PGSSLMODE"]), {"PGSSLMODE": testing.secret_key("s", "mode")})
	serving := testing.deployment({"containers": [testing.serving(referred, image)]})
	deny == set() with input as testing.given([serving, migration(referred, image)])
}

from_secret(name) := [{"name": "v", "secret": {"secretName": name}}]

test_files_of_secrets_hold_and_another_file_cannot_be_compared if {
	rest := object.remove(settings, ["SPICEDB_DATASTORE_CONN_URI"])
	mounted := object.union(image, {"workingDir": "/s", "volumeMounts": [{"name": "v", "mountPath": "/s"}]})
	serving := testing.deployment({"containers": [testing.serving(rest, mounted)], "volumes": from_secret("one")})
	every name in ["one", "two"] {
		job := testing.job({"containers": [testing.migrating(rest, mounted)], "volumes": from_secret(name)})
		deny == set() with input as testing.given([serving, job])
	}
	job := testing.job({"containers": [testing.migrating(settings, image)]})
	{[seen.value, seen.expected] | some seen in deny} == {[
		{"kind": "Secret", "name": "credentials", "key": "uri"},
		{"kind": "file", "name": "one"},
	]} with input as testing.given([serving, job])
}
