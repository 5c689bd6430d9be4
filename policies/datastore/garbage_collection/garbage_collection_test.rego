package datastore.garbage_collection_test

import data.datastore.garbage_collection.deny
import data.datastore.garbage_collection.observations
import data.lib.testing
import rego.v1

denied(variables) := found if {
	found := {seen.message | some seen in deny} with input as testing.server(object.union({"SPICEDB_DATASTORE_ENGINE": "postgres"}, variables), {})
}

window(value) := {"SPICEDB_DATASTORE_GC_WINDOW": value}

interval(value) := {"SPICEDB_DATASTORE_GC_INTERVAL": value}

test_the_defaults_hold if {
	{[seen.value, seen.expected, seen.holds, seen.message] | some seen in observations} == {
		[
			86400,
			"above 5.5",
			true,
			"container \"spicedb\" keeps revisions for 86400 seconds and answers from 5.5 seconds ago",
		],
		[180, "above 0", true, "container \"spicedb\" collects old revisions every 180 seconds"],
	} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "postgres"}, {})
}

test_a_window_that_is_still_read_from_is_denied if {
	denied(window("5s")) == {"container \"spicedb\" keeps revisions for 5 seconds and answers from 5.5 seconds ago"}
	denied(window("1m")) == set()
}

test_no_collection_is_denied if {
	denied(interval("0")) == {"container \"spicedb\" collects old revisions every 0 seconds"}
	denied(interval("-1m")) == {"container \"spicedb\" collects old revisions every -60 seconds"}
}

test_what_does_not_parse_is_zero if {
	denied(interval("5")) == {"container \"spicedb\" collects old revisions every 0 seconds"}
	count(denied(window(5))) == 1
}

test_what_is_not_visible_is_denied if {
	denied(interval(testing.secret_key("s", "k"))) == {"container \"spicedb\" collects old revisions every nothing seconds"}
	count(denied(window(testing.secret_key("s", "k")))) == 1
}

test_a_server_that_only_reads_and_other_engines_collect_nothing if {
	observations == set() with input as testing.server(
		{"SPICEDB_DATASTORE_ENGINE": "mysql", "SPICEDB_DATASTORE_READONLY": "true"},
		{},
	)
	observations == set() with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "cockroachdb"}, {})
	observations == set() with input as testing.server({}, {})
}

test_a_cron_job_is_looked_at if {
	count(observations) == 2 with input as testing.given([testing.cron_job({"containers": [testing.serving({"SPICEDB_DATASTORE_ENGINE": "mysql"}, {})]})])
}
