package workload.not_privileged_test

import data.lib.testing
import data.workload.not_privileged.deny
import data.workload.not_privileged.observations
import rego.v1

privileged(value) := testing.container({"securityContext": {"privileged": value}})

test_an_unprivileged_container_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].securityContext.privileged",
		"value": false,
		"expected": false,
		"holds": true,
		"message": "container \"main\" sets securityContext.privileged to false",
	}} with input as privileged(false)
}

test_a_privileged_container_is_denied if {
	{finding.msg | some finding in deny} == {concat(" ", [
		"apps/v1/Deployment/here/app: spec.template.spec.containers[0].securityContext.privileged:",
		"container \"main\" sets securityContext.privileged to true",
	])} with input as privileged(true)
}

test_leaving_the_field_out_is_safe if {
	{seen.holds | some seen in observations} == {true} with input as testing.container({})
	{seen.holds | some seen in observations} == {true} with input as privileged(null)
}

test_a_value_that_is_no_boolean_fails if {
	{seen.holds | some seen in observations} == {false} with input as privileged("false")
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.privileged", false],
		["spec.template.spec.containers[0].securityContext.privileged", true],
		["spec.template.spec.ephemeralContainers[0].securityContext.privileged", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.privileged", false],
	} with input as testing.containers_everywhere({"securityContext": {"privileged": true}})
}
