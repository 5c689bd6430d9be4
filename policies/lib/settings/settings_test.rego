package lib.settings_test

import data.lib.settings
import data.lib.testing
import rego.v1

number(variables) := found[0] if {
	found := [settings.number(server, "SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN") |
		some server in data.lib.spicedb.servers
	] with input as testing.server(variables, {})
}

seconds(variables) := found[0] if {
	found := [settings.seconds(server, "SPICEDB_DATASTORE_GC_WINDOW") |
		some server in data.lib.spicedb.servers
	] with input as testing.server(variables, {})
}

doubt(fields) := found[0] if {
	found := [settings.surely(server, ["SPICEDB_DATASTORE_GC_WINDOW"]) |
		some server in data.lib.spicedb.servers
	] with input as testing.server({}, fields)
}

test_what_is_written_out_counts if {
	number({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": "40"}) == 40
	number({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": "0.5"}) == 0.5
	seconds({"SPICEDB_DATASTORE_GC_WINDOW": "1h"}) == 3600
}

test_what_does_not_parse_is_zero if {
	number({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": "many"}) == 0
	number({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": 5}) == 0
	seconds({"SPICEDB_DATASTORE_GC_WINDOW": "1day"}) == 0
}

test_the_default_counts_where_nothing_is_set if {
	number({}) == 20
	seconds({}) == 86400
}

test_what_is_not_visible_is_null if {
	number({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": testing.secret_key("s", "k")}) == null
	seconds({"SPICEDB_DATASTORE_GC_WINDOW": testing.secret_key("s", "k")}) == null
}

test_a_default_that_may_be_set_elsewhere_is_said_to_be_one if {
	doubt({}) == ""
	doubt({"envFrom": [{"configMapRef": {"name": "c"}}]}) == ", unless a file or envFrom says otherwise"
}
