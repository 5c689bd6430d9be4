package availability.rollout_test

import data.availability.rollout.deny
import data.availability.rollout.observations
import data.lib.testing
import rego.v1

sleep(seconds) := {"lifecycle": {"preStop": {"sleep": {"seconds": seconds}}}}

rolling := {"strategy": {"rollingUpdate": {"maxUnavailable": 0}}}

server(workload, pod, variables, container) := testing.given([object.union(
	testing.deployment(object.union({"containers": [testing.serving(variables, container)]}, pod)),
	{"spec": workload},
)])

long := {"terminationGracePeriodSeconds": 20}

denied(workload, pod, variables, container) := findings if {
	findings := {[seen.path, seen.value, seen.expected] | some seen in deny} with input as server(workload, pod, variables, container)
}

test_a_careful_rollout_holds if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.strategy.rollingUpdate.maxUnavailable",
			"value": 0,
			"expected": 0,
			"holds": true,
			"message": "Deployment \"app\" sets spec.strategy.rollingUpdate.maxUnavailable to 0",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].lifecycle.preStop",
			"value": 5,
			"expected": "a wait of a second or more",
			"holds": true,
			"message": "container \"spicedb\" waits 5 seconds before it is told to stop",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.terminationGracePeriodSeconds",
			"value": 20,
			"expected": 20,
			"holds": true,
			"message": "the pod template gives its containers 20 seconds to stop",
		},
	} with input as server(rolling, long, {}, sleep(5))
}

test_a_pod_that_may_go_first_is_denied if {
	path := "spec.strategy.rollingUpdate.maxUnavailable"
	denied({"replicas": 4}, long, {}, sleep(5)) == {[path, null, 0]}
	denied({"strategy": {"rollingUpdate": {"maxUnavailable": 1}}}, long, {}, sleep(5)) == {[path, 1, 0]}
	denied({"replicas": 4, "strategy": {"rollingUpdate": {"maxUnavailable": "25%"}}}, long, {}, sleep(5)) == {[path, "25%", 0]}
	denied({"replicas": 4, "strategy": "text"}, long, {}, sleep(5)) == {[path, null, 0]}
	denied({"strategy": {"rollingUpdate": {"maxUnavailable": "some"}}}, long, {}, sleep(5)) == {[path, "some", 0]}
	recreate := {"strategy": {"type": "Recreate", "rollingUpdate": {"maxUnavailable": 0}}}
	denied(recreate, long, {}, sleep(5)) == {[path, 0, 0]}
	denied({"strategy": {"rollingUpdate": {"maxUnavailable": "0%"}}}, long, {}, sleep(5)) == set()
}

test_a_share_of_few_pods_is_rounded_down if {
	denied({"replicas": 3}, long, {}, sleep(5)) == set()
	denied({"replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": "33%"}}}, long, {}, sleep(5)) == set()
}

test_no_wait_is_denied if {
	path := "spec.template.spec.containers[0].lifecycle.preStop"
	every container in [
		{},
		sleep(0),
		sleep("5"),
		{"lifecycle": {"preStop": {"exec": {"command": ["sleep", "-connect-timeout=5s"]}}}},
		{"lifecycle": {"preStop": {"exec": {"command": ["grpc_health_probe", "5s"]}}}},
	] {
		denied(rolling, long, {}, container) == {[path, 0, "a wait of a second or more"]}
	}
}

test_peers_that_know_a_pod_by_dns_take_longer_to_turn_away if {
	path := "spec.template.spec.containers[0].lifecycle.preStop"
	patient := {"terminationGracePeriodSeconds": 60}
	every address in ["dns:///spicedb.here:50053", "spicedb.here:50053"] {
		by_name := {"SPICEDB_DISPATCH_UPSTREAM_ADDR": address}
		denied(rolling, patient, by_name, sleep(39)) == {[path, 39, "a wait of 40 seconds or more"]}
		denied(rolling, patient, by_name, sleep(40)) == set()
	}
	every address in ["kubernetes:///spicedb.here:dispatch", ""] {
		denied(rolling, patient, {"SPICEDB_DISPATCH_UPSTREAM_ADDR": address}, sleep(5)) == set()
	}
}

test_a_health_probe_of_a_closed_port_waits_for_its_timeout if {
	waiting := {"lifecycle": {"preStop": {"exec": {"command": [
		"grpc_health_probe",
		"-addr=localhost:1",
		"-connect-timeout=10s",
	]}}}}
	denied(rolling, {"terminationGracePeriodSeconds": 25}, {}, waiting) == set()
	denied(rolling, long, {}, waiting) == {["spec.template.spec.terminationGracePeriodSeconds", 20, 25]}
}

test_too_little_time_is_denied if {
	path := "spec.template.spec.terminationGracePeriodSeconds"
	denied(rolling, {"terminationGracePeriodSeconds": 19}, {}, sleep(5)) == {[path, 19, 20]}
	denied(rolling, {}, {}, sleep(5)) == set()
	denied(rolling, {}, {}, sleep(16)) == {[path, null, 31]}
	denied(rolling, {"terminationGracePeriodSeconds": "60"}, {}, sleep(5)) == {[path, "60", 20]}
	denied(rolling, long, {"SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD": "10s"}, sleep(5)) == {[path, 20, 30]}
}

test_a_grace_period_that_never_ends_or_cannot_be_seen_is_denied if {
	expected := "a finite SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD"
	every value in ["0s", "5", "", testing.secret_key("s", "k")] {
		variables := {"SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD": value}
		denied(rolling, long, variables, sleep(5)) == {["spec.template.spec.terminationGracePeriodSeconds", 20, expected]}
	}
}

test_only_deployments_and_stateful_sets_have_a_strategy if {
	{seen.path | some seen in observations} == {
		"spec.template.spec.containers[0].lifecycle.preStop",
		"spec.template.spec.terminationGracePeriodSeconds",
	} with input as testing.given([testing.workload("apps/v1", "DaemonSet", {"containers": [testing.serving({}, {})]})])
}

stateful(spec) := testing.given([object.union(
	testing.workload("apps/v1", "StatefulSet", object.union(long, {"containers": [testing.serving({}, sleep(5))]})),
	{"spec": spec},
)])

strategies(spec) := found if {
	found := {[seen.value, seen.holds, seen.message] |
		some seen in observations
		seen.path == "spec.updateStrategy.rollingUpdate.maxUnavailable"
		seen.expected == "less than the number of pods"
	} with input as stateful(spec)
}

test_a_stateful_set_leaves_pods_that_serve if {
	strategies({"replicas": 2}) == {[
		null,
		true,
		"StatefulSet \"app\" has at least 2 pods, of which a rollout takes 1 away at once",
	]}
	most := {"rollingUpdate": {"maxUnavailable": 2}}
	strategies({"replicas": 3, "updateStrategy": most}) == {[
		2,
		true,
		"StatefulSet \"app\" has at least 3 pods, of which a rollout takes 2 away at once",
	]}
	share := {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "99%"}}
	[seen[1] | some seen in strategies({"replicas": 2, "updateStrategy": share})] == [true]
}

test_a_stateful_set_that_takes_all_its_pods_away_is_denied if {
	every spec in [
		{},
		{"replicas": 1},
		{"replicas": 2, "updateStrategy": {"rollingUpdate": {"maxUnavailable": 2}}},
		{"replicas": 2, "updateStrategy": {"rollingUpdate": {"maxUnavailable": "100%"}}},
		{"replicas": 1, "updateStrategy": {"rollingUpdate": {"maxUnavailable": "50%"}}},
		{"replicas": 2, "updateStrategy": {"rollingUpdate": {"maxUnavailable": true}}},
		{"replicas": 2, "updateStrategy": {"type": "OnDelete"}},
	] {
		[seen[1] | some seen in strategies(spec)] == [false]
	}
}

test_a_grace_period_that_may_come_from_elsewhere_is_denied if {
	hidden := object.union(sleep(5), {"envFrom": [{"configMapRef": {"name": "c"}}]})
	{[seen.value, seen.expected] | some seen in deny} == {[
		20,
		"a finite SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD",
	]} with input as server(rolling, long, {}, hidden)
}
