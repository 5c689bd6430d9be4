package datastore.read_replicas_test

import data.datastore.read_replicas.deny
import data.datastore.read_replicas.observations
import data.lib.testing
import rego.v1

replica := "--datastore-read-replica-conn-uri=$(REPLICA)"

denied(engine, variables, args) := found if {
	found := {seen.message | some seen in deny} with input as testing.server(
		object.union({"SPICEDB_DATASTORE_ENGINE": engine}, variables),
		{"args": array.concat(["serve"], args)},
	)
}

test_no_replica_holds_with_every_engine if {
	{[seen.path, seen.value, seen.expected, seen.holds, seen.message] | some seen in observations} == {[
		"spec.template.spec.containers[0].env",
		0,
		"at most 0",
		true,
		"container \"spicedb\" reads from 0 replicas of a datastore of the engine \"spanner\"",
	]} with input as testing.server({"SPICEDB_DATASTORE_ENGINE": "spanner"}, {})
}

test_replicas_of_postgres_and_mysql_hold if {
	denied("postgres", {}, [replica, replica]) == set()
	denied("mysql", {"SPICEDB_DATASTORE_READ_REPLICA_CONN_URI": testing.secret_key("s", "k")}, []) == set()
}

test_other_engines_have_none if {
	every engine in ["cockroachdb", "memory", 5] {
		count(denied(engine, {}, [replica])) == 1
	}
}

test_more_than_sixteen_are_denied if {
	denied("postgres", {}, [replica | some _ in numbers.range(1, 17)]) == {"container \"spicedb\" reads from 17 replicas of a datastore of the engine \"postgres\""}
	denied("postgres", {}, [replica | some _ in numbers.range(1, 16)]) == set()
}

test_the_provider_of_the_primary_is_the_replicas_too if {
	iam := {"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME": "aws-iam"}
	both := object.union(iam, {"SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME": "aws-iam"})
	denied("postgres", iam, [replica]) == {"container \"spicedb\" does not set SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME"}
	denied("postgres", both, [replica]) == set()
	denied("postgres", {"SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME": "aws-iam"}, [replica]) == {"container \"spicedb\" sets SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME to aws-iam"}
	denied("postgres", iam, []) == set()
}

test_a_cron_job_is_looked_at_and_a_migration_is_not if {
	count(observations) == 1 with input as testing.given([testing.cron_job({"containers": [testing.serving({}, {})]})])
	observations == set() with input as testing.given([testing.job({"containers": [testing.migrating({}, {})]})])
}
