package workload.no_handler_host_test

import data.lib.testing
import data.workload.no_handler_host.deny
import data.workload.no_handler_host.observations
import rego.v1

probe(action, host) := {action: {"port": 80, "host": host}}

test_handlers_of_the_pod_hold if {
	fields := {"livenessProbe": probe("httpGet", ""), "readinessProbe": {"exec": {}}, "lifecycle": null}
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers",
		"value": null,
		"expected": "no host, from Kubernetes 1.34 on",
		"holds": true,
		"message": "the pod template has no probe or hook with a host of its own",
	}} with input as testing.container(fields)
}

test_each_handler_with_a_host_is_denied if {
	fields := {
		"livenessProbe": probe("httpGet", "10.0.0.1"),
		"readinessProbe": probe("tcpSocket", "10.0.0.1"),
		"startupProbe": probe("httpGet", "127.0.0.1"),
		"lifecycle": {"postStart": probe("httpGet", "a"), "preStop": probe("tcpSocket", "b")},
	}
	{[seen.path, seen.value] | some seen in deny} == {
		["spec.template.spec.containers[0].livenessProbe.httpGet.host", "10.0.0.1"],
		["spec.template.spec.containers[0].readinessProbe.tcpSocket.host", "10.0.0.1"],
		["spec.template.spec.containers[0].startupProbe.httpGet.host", "127.0.0.1"],
		["spec.template.spec.containers[0].lifecycle.postStart.httpGet.host", "a"],
		["spec.template.spec.containers[0].lifecycle.preStop.tcpSocket.host", "b"],
	} with input as testing.at("1.34", [testing.deployment({"containers": [testing.named("main", fields)]})])
}

test_older_versions_allow_it if {
	fields := {"livenessProbe": probe("httpGet", "10.0.0.1")}
	testing.verdicts(observations) == {["spec.template.spec.containers[0].livenessProbe.httpGet.host", true]} with input as testing.at(
		"v1.33.4",
		[testing.deployment({"containers": [testing.named("main", fields)]})],
	)
}

test_what_is_no_text_is_denied if {
	{seen.value | some seen in deny} == {5} with input as testing.container({"livenessProbe": probe("httpGet", 5)})
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
		["spec.template.spec.initContainers[0].livenessProbe.httpGet.host", false],
		["spec.template.spec.ephemeralContainers[0].livenessProbe.httpGet.host", false],
		["spec.jobTemplate.spec.template.spec.containers[0].livenessProbe.httpGet.host", false],
	} with input as testing.containers_everywhere({"livenessProbe": probe("httpGet", "10.0.0.1")})
}
