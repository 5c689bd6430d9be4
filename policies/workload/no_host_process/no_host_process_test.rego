package workload.no_host_process_test

import data.lib.testing
import data.workload.no_host_process.deny
import data.workload.no_host_process.observations
import rego.v1

options(value) := {"windowsOptions": {"hostProcess": value}}

test_leaving_it_out_holds if {
	every context in [{}, {"windowsOptions": null}, {"windowsOptions": {}}, options(null)] {
		observations == {{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.securityContext",
			"value": null,
			"expected": false,
			"holds": true,
			"message": "the pod template and its containers are no processes of a Windows node",
		}} with input as testing.contexts(context, context)
	}
}

test_it_is_denied_at_pod_and_container if {
	every value in [true, "false", 1] {
		{[seen.path, seen.value] | some seen in deny} == {
			["spec.template.spec.securityContext.windowsOptions.hostProcess", value],
			["spec.template.spec.containers[0].securityContext.windowsOptions.hostProcess", value],
		} with input as testing.contexts(options(value), options(value))
	}
}

test_false_holds if {
	testing.verdicts(observations) == {
		["spec.template.spec.containers[0].securityContext.windowsOptions.hostProcess", true],
	} with input as testing.contexts({}, options(false))
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.windowsOptions.hostProcess", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.windowsOptions.hostProcess", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.windowsOptions.hostProcess", false],
	} with input as testing.containers_everywhere({"securityContext": options(true)})
}
