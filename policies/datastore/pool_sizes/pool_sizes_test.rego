package datastore.pool_sizes_test

import data.datastore.pool_sizes.deny
import data.datastore.pool_sizes.observations
import data.lib.testing
import rego.v1

sizes(variables) := found if {
	found := {seen.value | some seen in deny} with input as testing.server(object.union({"SPICEDB_DATASTORE_ENGINE": "postgres"}, variables), {})
}

pool(kind, end, value) := {sprintf("SPICEDB_DATASTORE_CONN_POOL_%v_%v_OPEN", [kind, end]): value}

test_the_defaults_hold if {
	{[seen.path, seen.value, seen.holds, seen.message] | some seen in observations} == {
		[
			"spec.template.spec.containers[0].env",
			[20, 20],
			true,
			"container \"spicedb\" keeps from 20 to 20 connections for reading",
		],
		[
			"spec.template.spec.containers[0].env",
			[10, 10],
			true,
			"container \"spicedb\" keeps from 10 to 10 connections for writing",
		],
	} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "postgres"}, {})
}

test_one_connection_for_writing_is_denied if {
	sizes(object.union(pool("WRITE", "MAX", "1"), pool("WRITE", "MIN", "1"))) == {[1, 1]}
	sizes(object.union(pool("WRITE", "MAX", "2"), pool("WRITE", "MIN", "0"))) == set()
	sizes(object.union(pool("READ", "MAX", "1"), pool("READ", "MIN", "1"))) == set()
}

test_a_smallest_size_above_the_largest_is_denied if sizes(pool("READ", "MAX", "5")) == {[20, 5]}

test_what_is_not_visible_or_does_not_parse_is_denied if {
	sizes(pool("READ", "MIN", testing.secret_key("s", "k"))) == {[null, 20]}
	sizes(pool("READ", "MAX", "many")) == {[20, 0]}
	sizes(pool("WRITE", "MAX", 5)) == {[10, 0]}
}

test_a_cron_job_is_looked_at_and_other_engines_are_not if {
	count(observations) == 1 with input as testing.given([testing.cron_job({"containers": [testing.serving({"SPICEDB_DATASTORE_ENGINE": "mysql"}, {})]})])
	observations == set() with input as testing.server({}, {})
}
