package lib.datastore_test

import data.lib.datastore
import data.lib.testing
import rego.v1

secret(fields) := testing.object_of("v1", "Secret", "credentials", fields)

# [[mode, where], [CA, where]] of the one connection of a server with these variables, beside these objects.
connection(variables, objects) := found if {
	server := testing.deployment({"containers": [testing.serving(variables, {})]})
	found := [[[seen.mode.value, seen.mode.place], [seen.root_certificate.value, seen.root_certificate.place]] |
		some seen in data.lib.datastore.connections
	] with input as testing.given(array.concat([server], objects))
}

reference := {
	"SPICEDB_DATASTORE_ENGINE": "postgres",
	"SPICEDB_DATASTORE_CONN_URI": testing.secret_key("credentials", "datastore_uri"),
	"PGSSLMODE": "verify-full",
	"PGSSLROOTCERT": "/ca.crt",
}

by_environment := [[["verify-full", "PGSSLMODE"], ["/ca.crt", "PGSSLROOTCERT"]]]

by_uri := [[["disable", "the URI"], ["/other.crt", "the URI"]]]

uri := "postgres://db/spicedb?sslmode=disable&sslrootcert=%2Fother.crt"

test_the_environment_decides_where_the_uri_is_not_visible if connection(reference, []) == by_environment

test_the_uri_decides_where_it_is_visible if {
	connection(reference, [secret({"stringData": {"datastore_uri": uri}})]) == by_uri
	connection(reference, [secret({"data": {"datastore_uri": base64.encode(uri)}})]) == by_uri
	connection(object.union(reference, {"SPICEDB_DATASTORE_CONN_URI": uri}), []) == by_uri
}

test_a_visible_uri_without_parameters_leaves_it_to_the_environment if {
	connection(reference, [secret({"stringData": {"datastore_uri": "postgres://db/spicedb"}})]) == by_environment
}

test_a_secret_that_cannot_be_read_decides_nothing if {
	connection(reference, [secret({"data": {"datastore_uri": "not base64"}})]) == by_environment
	connection(reference, [secret({"stringData": {"other": uri}})]) == by_environment
	of_another_name := object.union(secret({"stringData": {"datastore_uri": uri}}), {"metadata": {"name": "x"}})
	connection(reference, [of_another_name]) == by_environment
}

test_keyword_form_is_read_too if {
	keywords := {"SPICEDB_DATASTORE_ENGINE": "postgres", "SPICEDB_DATASTORE_CONN_URI": "host=db sslmode=verify-full"}
	connection(keywords, []) == [[["verify-full", "the URI"], [null, "PGSSLROOTCERT"]]]
}

test_the_memory_engine_has_no_connection if {
	connection({}, []) == []
	connection({"SPICEDB_DATASTORE_ENGINE": "memory"}, []) == []
}

test_an_engine_that_cannot_be_seen_may_have_one if {
	hidden := {"SPICEDB_DATASTORE_ENGINE": {"configMapKeyRef": {"name": "c", "key": "engine"}}}
	connection(hidden, []) == [[[null, "PGSSLMODE"], [null, "PGSSLROOTCERT"]]]
}

source(variables) := found if {
	found := [datastore.uri_source(server) |
		some server in data.lib.spicedb.servers
	] with input as testing.server(variables, {})
}

test_the_source_of_the_uri_is_told_without_its_text if {
	source(reference) == [{"kind": "Secret", "name": "credentials", "key": "datastore_uri"}]
	source({"SPICEDB_DATASTORE_CONN_URI": "postgres://db"}) == [{"kind": "literal", "text": "postgres://db"}]
	source({"SPICEDB_DATASTORE_CONN_URI": "postgres://u:p@db"}) == [{"kind": "literal", "text": "******** (17 characters)"}]
	source({
		"DATASTORE_URI": testing.secret_key("credentials", "uri"),
		"SPICEDB_DATASTORE_CONN_URI": "$(DATASTORE_URI)&tls=true",
	}) == [{"kind": "Secret", "name": "credentials", "key": "uri"}]
	source({"SPICEDB_DATASTORE_CONN_URI": {"configMapKeyRef": {"name": "c", "key": "uri"}}}) == [{"kind": "not visible"}]
	source({}) == [{"kind": "absent"}]
}

test_some_engines_speak_postgres if {
	datastore.speaks_postgres("postgres")
	datastore.speaks_postgres("cockroachdb")
	not datastore.speaks_postgres("mysql")
}

test_a_secret_of_another_namespace_is_another_secret if {
	elsewhere := object.union(secret({"stringData": {"datastore_uri": uri}}), {"metadata": {"namespace": "there"}})
	connection(reference, [elsewhere]) == by_environment
}
