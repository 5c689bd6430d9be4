package secrets.preshared_key_test

import data.lib.testing
import data.secrets.preshared_key.deny
import data.secrets.preshared_key.observations
import rego.v1

denied(variables, fields) := found if {
	found := {seen.value | some seen in deny} with input as testing.server(variables, fields)
}

test_a_key_of_a_secret_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0]",
		"value": "what is not visible",
		"expected": "a key",
		"holds": true,
		"message": "container \"spicedb\" takes its preshared key from what is not visible",
	}} with input as testing.server({"SPICEDB_GRPC_PRESHARED_KEY": testing.secret_key("s", "k")}, {})
}

test_a_key_may_come_by_the_whole_environment_or_be_an_argument if {
	denied({}, {"envFrom": [{"secretRef": {"name": "s"}}]}) == set()
	denied({}, {"args": ["serve", "--grpc-preshared-key=$(KEY)"]}) == set()
}

test_no_key_is_denied if {
	denied({}, {}) == {"nowhere"}
	{seen.path | some seen in deny} == {"spec.template.spec.containers[0].env"} with input as testing.server({}, {})
}

test_an_empty_key_is_denied if {
	denied({"SPICEDB_GRPC_PRESHARED_KEY": ""}, {}) == {"******** (0 characters)"}
	denied({"SPICEDB_GRPC_PRESHARED_KEY": "one,,two"}, {}) == {"******** (8 characters)"}
	denied({"SPICEDB_GRPC_PRESHARED_KEY": "one, two"}, {}) == set()
}

test_a_key_of_another_type_is_denied if denied({"SPICEDB_GRPC_PRESHARED_KEY": 5}, {}) == {"********"}

test_servers_of_other_kinds_are_looked_at_and_migrations_are_not if {
	count(deny) == 1 with input as testing.given([testing.cron_job({"containers": [testing.serving({}, {})]})])
	observations == set() with input as testing.given([testing.job({"containers": [testing.migrating({}, {})]})])
}
