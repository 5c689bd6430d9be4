package workload.no_host_namespaces_test

import data.lib.testing
import data.workload.no_host_namespaces.deny
import data.workload.no_host_namespaces.observations
import rego.v1

sharing(fields) := testing.given([testing.deployment(object.union({"containers": [{"name": "main"}]}, fields))])

failing := {[seen.path, seen.value] | some seen in deny; seen.expected == false}

test_a_pod_of_its_own_holds if {
	testing.verdicts(observations) == {
		["spec.template.spec.hostNetwork", true],
		["spec.template.spec.hostPID", true],
		["spec.template.spec.hostIPC", true],
		["spec.template.spec.containers[0].ports", true],
	} with input as sharing({"hostIPC": false})
}

test_each_namespace_of_the_node_is_denied if {
	failing == {["spec.template.spec.hostNetwork", true]} with input as sharing({"hostNetwork": true})
	failing == {["spec.template.spec.hostPID", true]} with input as sharing({"hostPID": true})
	failing == {["spec.template.spec.hostIPC", "yes"]} with input as sharing({"hostIPC": "yes"})
}

test_a_port_of_the_node_is_denied if {
	ports := [{"containerPort": 1}, {"containerPort": 2, "hostPort": 0}, {"containerPort": 3, "hostPort": 80}]
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].ports",
		[80],
		"container \"main\" takes 1 ports of the node",
	]} with input as testing.container({"ports": ports})
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	{seen.path | some seen in deny} == {
		"spec.template.spec.initContainers[0].ports",
		"spec.template.spec.ephemeralContainers[0].ports",
		"spec.jobTemplate.spec.template.spec.containers[0].ports",
	} with input as testing.containers_everywhere({"ports": [{"hostPort": 80}]})
}
