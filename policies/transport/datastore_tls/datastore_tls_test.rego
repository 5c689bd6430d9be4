package transport.datastore_tls_test

import data.lib.testing
import data.transport.datastore_tls.deny
import data.transport.datastore_tls.observations
import rego.v1

engine := {"SPICEDB_DATASTORE_ENGINE": "postgres"}

verified := {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.crt"}

reference := {"SPICEDB_DATASTORE_CONN_URI": testing.secret_key("credentials", "uri")}

with_uri(uri) := testing.given([
	testing.deployment({"containers": [testing.serving(object.union(engine, reference), {})]}),
	testing.object_of("v1", "Secret", "credentials", {"stringData": {"uri": uri}}),
])

test_full_verification_by_the_environment_holds if {
	variables := object.union_n([engine, reference, verified])
	{[seen.value, seen.holds, seen.message] | some seen in observations} == {
		[
			"verify-full",
			true,
			"container \"spicedb\" has sslmode verify-full by PGSSLMODE, unless the URI, which is not visible, overrides it",
		],
		[
			"/ca.crt",
			true,
			"container \"spicedb\" has sslrootcert /ca.crt by PGSSLROOTCERT, unless the URI, which is not visible, overrides it",
		],
	} with input as testing.server(variables, {})
}

test_full_verification_by_a_visible_uri_holds if {
	{[seen.value, seen.holds, seen.message] | some seen in observations} == {
		["verify-full", true, "container \"spicedb\" has sslmode verify-full by the URI"],
		["/ca.crt", true, "container \"spicedb\" has sslrootcert /ca.crt by the URI"],
	} with input as with_uri("postgres://db/spicedb?sslmode=verify-full&sslrootcert=/ca.crt")
}

test_nothing_visible_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {
		[
			"spec.template.spec.containers[0].env",
			null,
			"container \"spicedb\" shows no sslmode for engine postgres: whether the server is verified is not visible",
		],
		[
			"spec.template.spec.containers[0].env",
			null,
			"container \"spicedb\" shows no sslrootcert for engine postgres: whether the server is verified is not visible",
		],
	} with input as testing.server(object.union(engine, reference), {})
}

test_every_weaker_mode_is_denied if {
	every mode in ["disable", "allow", "prefer", "require", "verify-ca", "", 5] {
		variables := object.union_n([engine, verified, {"PGSSLMODE": mode}])
		{seen.value | some seen in deny} == {mode} with input as testing.server(variables, {})
	}
}

test_a_visible_uri_overrides_the_environment if {
	{seen.value | some seen in deny} == {"disable"} with input as testing.server(
		object.union_n([engine, verified, {"SPICEDB_DATASTORE_CONN_URI": "postgres://db/spicedb?sslmode=disable"}]),
		{},
	)
}

test_an_empty_ca_is_denied if {
	{seen.value | some seen in deny} == {""} with input as testing.server(
		object.union_n([engine, verified, {"PGSSLROOTCERT": ""}]),
		{},
	)
}

test_the_migration_is_looked_at if {
	count(deny) == 2 with input as testing.given([testing.job({"containers": [testing.migrating(engine, {})]})])
}

test_another_engine_is_not_known_to_verify if {
	{[seen.expected, seen.value] | some seen in deny} == {["verify-full", "verify-full"]} with input as testing.server(
		object.union(verified, {"SPICEDB_DATASTORE_ENGINE": "another"}),
		{},
	)
	count(observations) == 1 with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "another"}, {})
}

mysql(uri) := testing.server({"SPICEDB_DATASTORE_ENGINE": "mysql", "SPICEDB_DATASTORE_CONN_URI": uri}, {})

test_mysql_verifies_with_tls_true if {
	{[seen.value, seen.expected, seen.holds, seen.message] | some seen in observations} == {[
		"true",
		"true",
		true,
		"container \"spicedb\" has tls true by the URI",
	]} with input as mysql("$(DATASTORE_URI)&tls=true")
}

test_mysql_takes_the_last_word if {
	deny == set() with input as mysql("u@tcp(db:3306)/spicedb?tls=false&parseTime=true&tls=1")
	{seen.value | some seen in deny} == {"false"} with input as mysql("u@tcp(db:3306)/spicedb?tls=true&tls=false")
}

test_mysql_in_another_mode_is_denied if {
	every mode in ["preferred", "skip-verify", "false", "custom", ""] {
		{seen.value | some seen in deny} == {mode} with input as mysql(sprintf("u@tcp(db)/spicedb?tls=%v", [mode]))
	}
}

test_mysql_without_a_mode_or_a_visible_uri_is_denied if {
	sentence := "container \"spicedb\" shows no tls for engine mysql: whether the server is verified is not visible"
	{seen.message | some seen in deny} == {sentence} with input as mysql("u@tcp(db)/spicedb?parseTime=true")
	{seen.message | some seen in deny} == {sentence} with input as mysql(testing.secret_key("credentials", "uri"))
}

test_spanner_always_verifies if {
	{[seen.value, seen.holds, seen.message] | some seen in observations} == {[
		null,
		true,
		"container \"spicedb\" always connects to Spanner over TLS and verifies it",
	]} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "spanner"}, {})
}

test_an_emulator_of_spanner_is_denied if {
	every host in ["emulator:9010", testing.secret_key("s", "host")] {
		count(deny) == 1 with input as testing.server(
			{"SPICEDB_DATASTORE_ENGINE": "spanner", "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST": host},
			{},
		)
	}
}

test_an_empty_address_is_no_emulator if {
	deny == set() with input as testing.server(
		{"SPICEDB_DATASTORE_ENGINE": "spanner", "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST": ""},
		{},
	)
}

test_the_memory_engine_has_no_connection if {
	observations == set() with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "memory"}, {})
}

test_a_password_of_the_uri_is_not_repeated if {
	every seen in observations {
		not contains(json.marshal(seen), "hidden")
	} with input as with_uri("postgres://user:hidden@db/spicedb?sslmode=disable")
}
