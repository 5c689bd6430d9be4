package workload.no_privilege_escalation_test

import data.lib.testing
import data.workload.no_privilege_escalation.deny
import data.workload.no_privilege_escalation.observations
import rego.v1

setting(value) := testing.container({"securityContext": {"allowPrivilegeEscalation": value}})

messages := {finding.message | some finding in deny}

holding := {seen.holds | some seen in observations}

test_false_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation",
		"value": false,
		"expected": false,
		"holds": true,
		"message": "container \"main\" sets securityContext.allowPrivilegeEscalation to false",
	}} with input as setting(false)
}

test_true_is_denied if {
	messages == {"container \"main\" sets securityContext.allowPrivilegeEscalation to true"} with input as setting(true)
}

test_leaving_the_field_out_fails if {
	messages == {"container \"main\" does not set securityContext.allowPrivilegeEscalation"} with input as testing.container({})
}

test_what_is_no_boolean_fails if {
	holding == {false} with input as setting("false")
	holding == {false} with input as testing.container({"securityContext": "text"})
}

test_every_list_of_containers_is_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.allowPrivilegeEscalation", false],
		["spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.allowPrivilegeEscalation", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation", false],
	} with input as testing.containers_everywhere({"securityContext": {"allowPrivilegeEscalation": true}})
}

running_on(os) := testing.given([testing.deployment({
	"os": {"name": os},
	"securityContext": {},
	"containers": [testing.named("main", {"securityContext": {}})],
})])

test_only_a_windows_pod_is_exempt if {
	deny == set() with input as running_on("windows")
	count(observations) > 0 with input as running_on("windows")
	count(deny) > 0 with input as running_on("linux")
}
