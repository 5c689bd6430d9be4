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
		object.union(verified, {"SPICEDB_DATASTORE_ENGINE": "mysql"}),
		{},
	)
	count(observations) == 1 with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "mysql"}, {})
}

test_the_memory_engine_has_no_connection if {
	observations == set() with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "memory"}, {})
}

test_a_password_of_the_uri_is_not_repeated if {
	every seen in observations {
		not contains(json.marshal(seen), "hidden")
	} with input as with_uri("postgres://user:hidden@db/spicedb?sslmode=disable")
}
