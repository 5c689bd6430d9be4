package workload.no_host_ports_test

import data.lib.testing
import data.workload.no_host_ports.deny
import data.workload.no_host_ports.observations
import rego.v1

ports(entries) := testing.container({"ports": entries})

test_taking_no_port_holds if {
	every entries in [[], null, [{"containerPort": 1}], [{"hostPort": null}], ["text"], "text"] {
		observations == {{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers",
			"value": null,
			"expected": 0,
			"holds": true,
			"message": "the pod template takes no port of the node",
		}} with input as ports(entries)
	}
}

test_a_port_of_the_node_is_denied if {
	testing.verdicts(observations) == {
		["spec.template.spec.containers[0].ports[1].hostPort", true],
		["spec.template.spec.containers[0].ports[2].hostPort", false],
	} with input as ports([{"containerPort": 1}, {"containerPort": 2, "hostPort": 0}, {"containerPort": 3, "hostPort": 80}])
}

test_what_is_no_number_is_denied if {
	{[seen.value, seen.message] | some seen in deny} == {[
		"0",
		"container \"main\" sets ports[0].hostPort to 0",
	]} with input as ports([{"hostPort": "0"}])
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].ports[0].hostPort", false],
		["spec.template.spec.ephemeralContainers[0].ports[0].hostPort", false],
		["spec.jobTemplate.spec.template.spec.containers[0].ports[0].hostPort", false],
	} with input as testing.containers_everywhere({"ports": [{"hostPort": 80}]})
}
