package lib.pools_test

import data.lib.pools
import data.lib.testing
import rego.v1

found(engine, variables) := seen if {
	seen := [[pools.of(server), pools.connections(server), pools.field(server)] |
		some server in data.lib.pools.servers
	] with input as testing.server(object.union(variables, {"SPICEDB_DATASTORE_ENGINE": engine}), {})
}

test_two_pools_of_postgres_by_default if {
	every engine in ["postgres", "cockroachdb"] {
		found(engine, {}) == [[[{"kind": "READ", "max": 20, "min": 20}, {"kind": "WRITE", "max": 10, "min": 10}], 30, "env"]]
	}
}

test_one_pool_of_mysql if found("mysql", {}) == [[[{"kind": "READ", "max": 20, "min": 20}], 20, "env"]]

test_no_pool_of_others if {
	found("spanner", {}) == []
	found("memory", {}) == []
	found(testing.secret_key("s", "engine"), {}) == []
}

test_the_smallest_size_counts_where_it_is_above_the_largest if {
	[[pools_found, total, field]] := found("mysql", {"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": "5"})
	pools_found == [{"kind": "READ", "max": 5, "min": 20}]
	total == 20
	field == "env[0]"
}

test_a_size_that_is_not_visible_makes_the_sum_unknown if {
	[[_, total, _]] := found("postgres", {"SPICEDB_DATASTORE_CONN_POOL_WRITE_MAX_OPEN": testing.secret_key("s", "k")})
	total == null
}

test_the_names_of_the_settings if count(data.lib.pools.names) == 4
