package network.api_server_egress_test

import data.lib.testing
import data.network.api_server_egress.deny
import data.network.api_server_egress.observations
import rego.v1

spec(address) := {"containers": [testing.serving({"SPICEDB_DISPATCH_UPSTREAM_ADDR": address}, {})]}

by_api := "kubernetes:///headless.here:dispatch"

policy(egress) := testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": {
	"podSelector": {},
	"policyTypes": ["Egress"],
	"egress": egress,
}})

denied(objects) := subjects if {
	subjects := {seen.subject | some seen in deny} with input as testing.given(objects)
}

deployed := testing.deployment(spec(by_api))

test_a_rule_for_the_api_server_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.metadata.labels",
		"value": ["limits"],
		"expected": "a NetworkPolicy that lets the pod reach one of the ports 443, 6443",
		"holds": true,
		"message": "the pod template reaches the API server by 1 rules of NetworkPolicies",
	}} with input as testing.given([deployed, policy([{"ports": [{"port": 6443}]}, {"ports": [{"port": 53}]}])])
		with data.parameters.api_server_ports as ["443", "6443"]
}

test_no_rule_for_it_is_denied if {
	denied([deployed, policy([])]) == {"apps/v1/Deployment/here/app"}
	denied([deployed, policy([{"ports": [{"port": 5432}]}])]) == {"apps/v1/Deployment/here/app"}
	denied([deployed, policy([{}])]) == set()
	denied([deployed, policy("text")]) == set()
}

test_the_parameter_says_which_ports if {
	denied([deployed, policy([{"ports": [{"port": 7443}]}])]) == set() with data.parameters.api_server_ports as ["7443"]
	denied([deployed, policy([{"ports": [{"port": 443}]}])]) != set() with data.parameters.api_server_ports as ["7443", "x"]
}

test_a_cron_job_is_looked_at if denied([testing.cron_job(spec(by_api)), policy([])]) == {"batch/v1/CronJob/here/app"}

test_other_ways_to_find_peers_and_pods_that_nobody_governs_are_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment(spec("dns:///headless.here:50053")), policy([])])
	observations == set() with input as testing.given([testing.deployment(spec(null)), policy([])])
	observations == set() with input as testing.given([deployed])
}

test_a_missing_parameter_is_denied if {
	{seen.expected | some seen in deny} == {"the parameter api_server_ports, a list of strings"} with input as testing.given([
		deployed,
		policy([{}]),
	])
		with data.parameters.api_server_ports as 443
}
