package workload.read_only_root_filesystem_test

import data.lib.testing
import data.workload.read_only_root_filesystem.deny
import data.workload.read_only_root_filesystem.observations
import rego.v1

setting(value) := testing.container({"securityContext": {"readOnlyRootFilesystem": value}})

messages := {finding.message | some finding in deny}

holding := {seen.holds | some seen in observations}

test_true_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem",
		"value": true,
		"expected": true,
		"holds": true,
		"message": "container \"main\" sets securityContext.readOnlyRootFilesystem to true",
	}} with input as setting(true)
}

test_false_is_denied if {
	messages == {"container \"main\" sets securityContext.readOnlyRootFilesystem to false"} with input as setting(false)
}

test_leaving_the_field_out_fails if {
	messages == {"container \"main\" does not set securityContext.readOnlyRootFilesystem"} with input as testing.container({})
}

test_what_is_no_boolean_fails if {
	holding == {false} with input as setting("true")
	holding == {false} with input as testing.container({"securityContext": "text"})
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.readOnlyRootFilesystem", false],
		["spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.readOnlyRootFilesystem", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", false],
	} with input as testing.containers_everywhere({"securityContext": {"readOnlyRootFilesystem": false}})
}
