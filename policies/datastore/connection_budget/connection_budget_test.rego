package datastore.connection_budget_test

import data.datastore.connection_budget.deny
import data.datastore.connection_budget.observations
import data.lib.testing
import rego.v1

server(variables) := {"containers": [testing.serving(
	object.union({"SPICEDB_DATASTORE_ENGINE": "postgres"}, variables),
	{},
)]}

deployment(fields) := object.union(testing.deployment(server({})), {"spec": fields})

totals(objects) := found if {
	found := {seen.value | some seen in observations} with input as testing.given(objects) with data.parameters as {"max_connections": 100}
}

test_few_pods_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": 90,
		"expected": "at most 100",
		"holds": true,
		"message": "container \"spicedb\" opens 30 connections in each of at most 3 pods",
	}} with input as testing.given([deployment({
		"replicas": 2,
		"strategy": {"rollingUpdate": {"maxSurge": 1}},
	})])
		with data.parameters as {"max_connections": 100}
}

test_more_than_the_database_takes_are_denied if {
	{seen.value | some seen in deny} == {120} with input as testing.given([deployment({"replicas": 3})])
		with data.parameters as {"max_connections": 100}
}

test_the_surge_is_a_number_a_percentage_a_quarter_or_none if {
	totals([deployment({"replicas": 4, "strategy": {"rollingUpdate": {"maxSurge": 2}}})]) == {180}
	totals([deployment({"replicas": 4, "strategy": {"rollingUpdate": {"maxSurge": "30%"}}})]) == {180}
	totals([deployment({"replicas": 5})]) == {210}
	totals([deployment({"replicas": 4, "strategy": {"type": "Recreate"}})]) == {120}
}

test_a_stateful_set_has_no_surge_and_an_autoscaler_counts if {
	set := object.union(testing.workload("apps/v1", "StatefulSet", server({})), {"spec": {"replicas": 2}})
	totals([set]) == {60}
	autoscaler := testing.object_of("autoscaling/v2", "HorizontalPodAutoscaler", "app", {"spec": {
		"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "app"},
		"maxReplicas": 7,
	}})
	totals([set, autoscaler]) == {210}
}

test_the_pools_of_the_container_count if {
	totals([testing.job(server({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": "40"}))]) == {50}
	totals([testing.cron_job(server({}))]) == {30}
}

test_what_is_not_visible_is_denied if {
	hidden := server({"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": testing.secret_key("s", "k")})
	{[seen.value, seen.message] | some seen in deny} == {[
		null,
		"container \"spicedb\" opens an invisible number of connections in each of at most 1 pods",
	]} with input as testing.given([testing.job(hidden)])
		with data.parameters as {"max_connections": 100}
}

test_other_engines_have_no_pools if {
	totals([testing.deployment({"containers": [testing.serving({"SPICEDB_DATASTORE_ENGINE": "memory"}, {})]})]) == set()
	totals([testing.deployment({"containers": [testing.serving({}, {})]})]) == set()
}

test_a_missing_limit_is_denied if {
	every parameters in [{}, {"max_connections": "100"}] {
		{seen.expected | some seen in deny} == {"the parameter max_connections, a number"} with input as testing.given([deployment({})])
			with data.parameters as parameters
	}
}
