package network.datastore_egress_test

import data.lib.testing
import data.network.datastore_egress.deny
import data.network.datastore_egress.observations
import rego.v1

secret := testing.secret_key("credentials", "uri")

server(engine, uri) := testing.deployment({"containers": [testing.serving(
	{"SPICEDB_DATASTORE_ENGINE": engine, "SPICEDB_DATASTORE_CONN_URI": uri},
	{},
)]})

policy(egress) := testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": {
	"podSelector": {},
	"policyTypes": ["Egress"],
	"egress": egress,
}})

database := {"to": [{"ipBlock": {"cidr": "10.0.0.0/24"}}], "ports": [{"port": 5432}]}

names := {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}]}

expected(object, egress) := found if {
	found := {seen.expected | some seen in deny} with input as testing.given([object, policy(egress)])
}

lacks(port) := {sprintf("a NetworkPolicy that lets the pod reach port %v", [port])}

test_a_rule_for_the_port_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.metadata.labels",
		"value": ["limits"],
		"expected": "a NetworkPolicy that lets the pod reach port 5432",
		"holds": true,
		"message": "the pod template reaches its datastore by 1 rules of NetworkPolicies",
	}} with input as testing.given([server("postgres", secret), policy([names, database])])
}

test_no_rule_for_it_is_denied if {
	expected(server("postgres", secret), []) == lacks(5432)
	expected(server("postgres", secret), [names]) == lacks(5432)
	expected(server("postgres", secret), "text") == set()
	expected(server("postgres", secret), [{"ports": ["text"]}]) == set()
}

test_each_engine_has_its_usual_port if {
	expected(server("cockroachdb", secret), [names]) == lacks(26257)
	expected(server("mysql", secret), [names]) == lacks(3306)
	expected(server("spanner", secret), [names]) == lacks(443)
	expected(server("another", secret), [names]) == lacks(5432)
}

test_a_port_that_is_visible_must_be_that_one if {
	expected(server("postgres", "postgres://u@db:6432/x"), [database]) == lacks(6432)
	expected(server("postgres", "postgres://db:6432"), [database]) == lacks(6432)
	expected(server("mysql", "u:$(PASSWORD)@tcp(db:3307)/x"), [database]) == lacks(3307)
	expected(server("postgres", "postgres://u@db/x"), [database]) == set()
}

test_a_port_that_is_not_visible_may_be_another if {
	expected(server("postgres", secret), [{"ports": [{"port": 6432}]}]) == set()
	expected(server("postgres", secret), [{"ports": [{"port": 6443}]}]) == lacks(5432)
	expected(server("postgres", secret), [{"ports": [{"port": 50053}]}]) == lacks(5432)
	expected(server("mysql", "$(URI)&tls=true"), [{"ports": [{"port": 3307}]}]) == set()
	expected(server("mysql", "u:$(PASSWORD)@tcp(db:3307)/x"), [{"ports": [{"port": 3308}]}]) == lacks(3307)
}

test_pods_may_listen_on_another_port_than_their_service if {
	pooler := {"to": [{"podSelector": {"matchLabels": {"app": "pgbouncer"}}}], "ports": [{"port": 6432}]}
	expected(server("postgres", "postgres://u@pgbouncer:5432/x"), [pooler]) == set()
	expected(server("postgres", "postgres://u@pgbouncer:5432/x"), [object.union(pooler, {"to": ["text"]})]) == lacks(5432)
}

test_a_pod_that_nobody_governs_and_memory_are_not_looked_at if {
	observations == set() with input as testing.given([server("postgres", secret)])
	observations == set() with input as testing.given([server("memory", ""), policy([])])
}

test_a_migration_by_cron_job_is_looked_at if {
	migration := testing.cron_job({"containers": [testing.migrating({"SPICEDB_DATASTORE_ENGINE": "postgres"}, {})]})
	expected(migration, [names]) == lacks(5432)
}

test_a_missing_parameter_is_denied if {
	{seen.expected | some seen in deny} == {"the parameter api_server_ports, a list of strings"} with input as object.union(
		testing.given([server("postgres", secret), policy([database])]),
		{"parameters": {"api_server_ports": 443}},
	)
}
