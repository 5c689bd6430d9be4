package workload.selinux_options_test

import data.lib.testing
import data.workload.selinux_options.deny
import data.workload.selinux_options.observations
import rego.v1

options(value) := {"seLinuxOptions": value}

path := "spec.template.spec.containers[0].securityContext.seLinuxOptions"

of_pod := "spec.template.spec.securityContext.seLinuxOptions"

test_choosing_nothing_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.securityContext",
		"value": null,
		"expected": "a type that confines containers, no user and no role",
		"holds": true,
		"message": "the pod template and its containers choose no SELinux options",
	}} with input as testing.contexts({}, options(null))
}

test_options_that_confine_hold if {
	every value in [{}, {"type": "container_init_t"}, {"type": "", "user": "", "role": null}, {"level": "s0"}] {
		testing.verdicts(observations) == {[of_pod, true], [path, true]} with input as testing.contexts(options(value), options(value))
	}
}

test_others_are_denied if {
	every value in [{"type": "spc_t"}, {"user": "system_u"}, {"role": "system_r"}, {"type": 1}, "container_t"] {
		{[seen.path, seen.value] | some seen in deny} == {
			[of_pod, value],
			[path, value],
		} with input as testing.contexts(options(value), options(value))
	}
}

test_the_engines_type_counts_from_1_31_on if {
	deployment := testing.with_contexts(options({"type": "container_engine_t"}), {})
	testing.verdicts(observations) == {[of_pod, true]} with input as testing.at("1.31", [deployment])
	testing.verdicts(observations) == {[of_pod, false]} with input as testing.at("1.30", [deployment])
}

test_without_a_version_nothing_is_judged if {
	every version in [null, "1.24", "2.1", "latest", "1.x", 1.3] {
		messages := {seen.message | some seen in deny} with input as testing.at(version, [testing.deployment({})])
		messages == {concat(" ", [
			"the pod template cannot be judged: the parameter kubernetes_version is missing or is no text that names",
			"a version from 1.25 on",
		])}
	}
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.initContainers[0].securityContext.seLinuxOptions", false],
		["spec.template.spec.ephemeralContainers[0].securityContext.seLinuxOptions", false],
		["spec.jobTemplate.spec.template.spec.containers[0].securityContext.seLinuxOptions", false],
	} with input as testing.containers_everywhere({"securityContext": options({"type": "spc_t"})})
}
