package workload.safe_sysctls_test

import data.lib.testing
import data.workload.safe_sysctls.deny
import data.workload.safe_sysctls.observations
import rego.v1

setting(version, name) := testing.at(version, [testing.with_contexts({"sysctls": [{"name": name, "value": "1"}]}, {})])

path := "spec.template.spec.securityContext.sysctls[0].name"

test_setting_none_holds if {
	every sysctls in [[], null] {
		observations == {{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.securityContext",
			"value": null,
			"expected": "a sysctl that this version of Kubernetes calls safe",
			"holds": true,
			"message": "the pod template sets no sysctl",
		}} with input as testing.contexts({"sysctls": sysctls}, {})
	}
}

test_the_list_grows_with_the_versions if {
	testing.verdicts(observations) == {[path, true]} with input as setting("1.25", "kernel.shm_rmid_forced")
	added := {
		"net.ipv4.ip_local_reserved_ports": ["1.26", "1.27"],
		"net.ipv4.tcp_keepalive_time": ["1.28", "1.29"],
		"net.ipv4.tcp_rmem": ["1.31", "1.32"],
		"net.ipv4.tcp_slow_start_after_idle": ["1.36", "1.37"],
	}
	every name, versions in added {
		testing.verdicts(observations) == {[path, false]} with input as setting(versions[0], name)
		testing.verdicts(observations) == {[path, true]} with input as setting(versions[1], name)
		testing.verdicts(observations) == {[path, true]} with input as setting("1.40", name)
	}
}

test_others_are_denied if {
	{[seen.path, seen.value] | some seen in deny} == {[path, "kernel.msgmax"]} with input as setting("1.37", "kernel.msgmax")
}

test_what_cannot_be_read_is_denied if {
	every sysctls in ["text", ["text"], [{"value": "1"}]] {
		{seen.value | some seen in deny} == {null} with input as testing.contexts({"sysctls": sysctls}, {})
	}
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

test_a_cron_job_is_looked_at if {
	paths := {seen.path | some seen in deny} with input as testing.given([testing.cron_job({
		"initContainers": [{"name": "first"}],
		"securityContext": {"sysctls": [{"name": "kernel.msgmax"}]},
	})])
	paths == {"spec.jobTemplate.spec.template.spec.securityContext.sysctls[0].name"}
}
