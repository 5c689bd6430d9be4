package workload.no_host_namespaces_test

import data.lib.testing
import data.workload.no_host_namespaces.deny
import data.workload.no_host_namespaces.observations
import rego.v1

sharing(fields) := testing.given([testing.deployment(object.union({"containers": [{"name": "main"}]}, fields))])

failing := {[seen.path, seen.value] | some seen in deny}

test_a_pod_of_its_own_holds if {
	testing.verdicts(observations) == {
		["spec.template.spec.hostNetwork", true],
		["spec.template.spec.hostPID", true],
		["spec.template.spec.hostIPC", true],
	} with input as sharing({"hostIPC": false})
}

test_each_namespace_of_the_node_is_denied if {
	failing == {["spec.template.spec.hostNetwork", true]} with input as sharing({"hostNetwork": true})
	failing == {["spec.template.spec.hostPID", true]} with input as sharing({"hostPID": true})
	failing == {["spec.template.spec.hostIPC", "yes"]} with input as sharing({"hostIPC": "yes"})
}

test_a_cron_job_is_looked_at if {
	paths := {seen.path | some seen in deny} with input as testing.given([testing.cron_job({
		"initContainers": [{"name": "first"}],
		"hostPID": true,
	})])
	paths == {"spec.jobTemplate.spec.template.spec.hostPID"}
}
