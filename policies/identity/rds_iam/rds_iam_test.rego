package identity.rds_iam_test

import data.identity.rds_iam.deny
import data.identity.rds_iam.observations
import data.lib.testing
import rego.v1

iam := {
	"SPICEDB_DATASTORE_ENGINE": "postgres",
	"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME": "aws-iam",
	"SPICEDB_DATASTORE_CONN_URI": "postgresql://spicedb@db.example.com:5432/spicedb?sslmode=verify-full",
	"AWS_REGION": "eu-west-1",
}

changed(name, value) := testing.server(object.union(object.remove(iam, [name]), {name: value}), {})

without(name) := testing.server(object.remove(iam, [name]), {})

test_temporary_credentials_and_a_signable_uri_hold if {
	{[seen.path, seen.value, seen.holds, seen.message] | some seen in observations} == {
		[
			"spec.template.spec.containers[0].env[2]",
			"aws-iam",
			true,
			"container \"spicedb\" sets SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME to aws-iam",
		],
		[
			"spec.template.spec.containers[0].env[3]",
			"postgres",
			true,
			"container \"spicedb\" makes tokens for RDS with the engine \"postgres\"",
		],
		[
			"spec.template.spec.containers[0].env[0]",
			"eu-west-1",
			true,
			"container \"spicedb\" signs tokens for the region \"eu-west-1\"",
		],
		[
			"spec.template.spec.containers[0].env[1]",
			"postgresql://spicedb@db.example.com:5432/spicedb?sslmode=verify-full",
			true,
			"container \"spicedb\" shows the login that tokens are signed for, without a password",
		],
	} with input as testing.server(iam, {})
}

test_mysql_holds if {
	uri := "spicedb@tcp(db.example.com:3306)/spicedb?parseTime=true&tls=true"
	deny == set() with input as testing.server(
		object.union(iam, {"SPICEDB_DATASTORE_ENGINE": "mysql", "SPICEDB_DATASTORE_CONN_URI": uri}),
		{},
	)
}

test_a_provider_that_spicedb_does_not_have_is_denied if {
	every provider in ["rds", "AWS-IAM", 5, testing.secret_key("s", "provider")] {
		{seen.path | some seen in deny} == {"spec.template.spec.containers[0].env[2]"} with input as changed("SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME", provider)
	}
}

test_the_region_of_the_database_is_meant if {
	uri := "postgresql://spicedb@db.abc.eu-west-1.rds.amazonaws.com:5432/spicedb"
	here := object.union(iam, {"SPICEDB_DATASTORE_CONN_URI": uri})
	deny == set() with input as testing.server(here, {})
	{[seen.value, seen.expected] | some seen in deny} == {["eu-west-2", "eu-west-1"]} with input as testing.server(
		object.union(here, {"AWS_REGION": "eu-west-2"}),
		{},
	)
}

test_another_engine_is_denied if {
	every engine in ["cockroachdb", "spanner", "memory", "", 5] {
		{seen.value | some seen in deny} == {engine} with input as changed("SPICEDB_DATASTORE_ENGINE", engine)
	}
	count(deny) == 1 with input as without("SPICEDB_DATASTORE_ENGINE")
}

test_no_region_is_denied if {
	count(deny) == 1 with input as without("AWS_REGION")
	every region in ["", 5, testing.secret_key("s", "region")] {
		count(deny) == 1 with input as changed("AWS_REGION", region)
	}
}

test_the_default_region_counts if {
	deny == set() with input as testing.server(
		object.union(object.remove(iam, ["AWS_REGION"]), {"AWS_DEFAULT_REGION": "eu-west-1"}),
		{},
	)
}

test_what_can_not_be_signed_is_denied if {
	every uri in [
		"postgresql://spicedb:hidden@db.example.com/spicedb",
		"postgresql://db.example.com/spicedb",
		"postgresql://spicedb:$(PASSWORD)@db.example.com/spicedb",
		"postgresql://spicedb@db.example.com/spicedb?password=hidden",
		"spicedb:hidden@tcp(db:3306)/spicedb",
		"$(DATASTORE_URI)",
		testing.secret_key("s", "uri"),
		5,
	] {
		count(deny) == 1 with input as changed("SPICEDB_DATASTORE_CONN_URI", uri)
	}
	count(deny) == 1 with input as without("SPICEDB_DATASTORE_CONN_URI")
}

test_the_migration_is_looked_at if {
	migration := testing.job({"containers": [testing.migrating(object.remove(iam, ["AWS_REGION"]), {})]})
	{seen.subject | some seen in deny} == {"batch/v1/Job/here/app"} with input as testing.given([migration])
}

test_a_container_without_iam_needs_no_region if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": null,
		"expected": "none, or aws-iam",
		"holds": true,
		"message": "container \"spicedb\" takes the datastore's password as it is given",
	}} with input as testing.server({}, {})
}
