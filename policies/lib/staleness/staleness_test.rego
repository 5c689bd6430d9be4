package lib.staleness_test

import data.lib.staleness
import data.lib.testing
import rego.v1

seconds(variables) := found[0] if {
	found := [staleness.seconds(server) |
		some server in data.lib.spicedb.servers
	] with input as testing.server(variables, {})
}

test_the_defaults if {
	seconds({}) == 5.5
	seconds({"SPICEDB_DATASTORE_ENGINE": "cockroachdb"}) == 10.3
	count(data.lib.staleness.names) == 3
}

test_each_part_counts if {
	seconds({"SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL": "10s"}) == 11
	seconds({"SPICEDB_DATASTORE_REVISION_QUANTIZATION_MAX_STALENESS_PERCENT": "1"}) == 10
	seconds({"SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION": "1m"}) == 65.5
}

test_a_part_that_is_not_visible_makes_the_sum_unknown if {
	seconds({"SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION": testing.secret_key("s", "k")}) == null
}
