package workload.no_host_path_test

import data.lib.testing
import data.workload.no_host_path.deny
import data.workload.no_host_path.observations
import rego.v1

volumes(entries) := testing.given([testing.deployment({"containers": [{"name": "main"}], "volumes": entries})])

test_a_pod_without_directories_of_the_node_holds if {
	every entries in [[], null, [{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": null}]] {
		observations == {{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.volumes",
			"value": null,
			"expected": "no hostPath volume",
			"holds": true,
			"message": "the pod template mounts no directory of the node",
		}} with input as volumes(entries)
	}
}

test_a_directory_of_the_node_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.volumes[1]",
		["hostPath"],
		"the pod template has the volume \"logs\", a directory of the node or unreadable",
	]} with input as volumes([{"name": "a", "secret": {}}, {"name": "logs", "hostPath": {"path": "/var/log"}}])
}

test_what_cannot_be_read_is_denied if {
	{seen.path | some seen in deny} == {"spec.template.spec.volumes[0]"} with input as volumes("text")
	{seen.path | some seen in deny} == {"spec.template.spec.volumes[0]"} with input as volumes([1])
}

test_a_cron_job_is_looked_at if {
	paths := {seen.path | some seen in deny} with input as testing.given([testing.cron_job({
		"containers": [{"name": "main"}],
		"initContainers": [{"name": "first", "volumeMounts": [{"name": "a", "mountPath": "/a"}]}],
		"volumes": [{"name": "a", "hostPath": {"path": "/"}}],
	})])
	paths == {"spec.jobTemplate.spec.template.spec.volumes[0]"}
}
