package network.dispatch_reachable_test

import data.lib.testing
import data.network.dispatch_reachable.deny
import data.network.dispatch_reachable.observations
import rego.v1

spec(enabled) := {"containers": [testing.serving(
	{"SPICEDB_DISPATCH_CLUSTER_ENABLED": enabled},
	{"ports": [{"name": "grpc", "containerPort": 50051}, {"name": "dispatch", "containerPort": 50053}]},
)]}

policy(fields) := testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "limits", {"spec": object.union(
	{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
	fields,
)})

own := [{"podSelector": {"matchLabels": {"app": "app"}}}]

ports(port) := [{"port": port}]

both := {"ingress": [{"from": own, "ports": ports(50053)}], "egress": [{"to": own, "ports": ports("dispatch")}]}

denied(object, fields) := found if {
	found := {seen.expected | some seen in deny} with input as testing.given([object, policy(fields)])
}

lacks(direction) := sprintf("a NetworkPolicy for %v between the server's pods at the dispatch port", [direction])

deployed := testing.deployment(spec("true"))

test_rules_in_both_directions_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.metadata.labels",
			"value": ["limits"],
			"expected": lacks("Ingress"),
			"holds": true,
			"message": "the pod template is let through to its peers for Ingress by 1 rules of NetworkPolicies",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.metadata.labels",
			"value": ["limits"],
			"expected": lacks("Egress"),
			"holds": true,
			"message": "the pod template is let through to its peers for Egress by 1 rules of NetworkPolicies",
		},
	} with input as testing.given([deployed, policy(both)])
}

test_each_direction_is_asked_for if {
	denied(deployed, {}) == {lacks("Ingress"), lacks("Egress")}
	denied(deployed, {"ingress": both.ingress}) == {lacks("Egress")}
	denied(deployed, {"egress": both.egress}) == {lacks("Ingress")}
	denied(deployed, {"policyTypes": ["Ingress"], "ingress": "text"}) == set()
}

test_the_port_and_the_peer_must_be_in_one_rule if {
	apart := {"policyTypes": ["Ingress"], "ingress": [
		{"from": own, "ports": ports(50051)},
		{"from": [{"podSelector": {"matchLabels": {"app": "other"}}}], "ports": ports(50053)},
	]}
	denied(deployed, apart) == {lacks("Ingress")}
}

test_a_cron_job_is_looked_at if denied(testing.cron_job(spec("true")), {}) == {lacks("Ingress"), lacks("Egress")}

test_a_server_without_dispatch_and_one_that_nobody_governs_are_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment(spec("false")), policy({})])
	observations == set() with input as testing.given([deployed])
}
