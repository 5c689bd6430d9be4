package workload.restricted_volumes_test

import data.lib.testing
import data.workload.restricted_volumes.deny
import data.workload.restricted_volumes.observations
import rego.v1

volumes(entries) := testing.given([testing.deployment({"containers": [{"name": "main"}], "volumes": entries})])

test_a_pod_without_volumes_holds if {
	testing.verdicts(observations) == {["spec.template.spec.volumes", true]} with input as volumes([])
}

test_volumes_of_the_cluster_hold if {
	every type in [
		"configMap",
		"csi",
		"downwardAPI",
		"emptyDir",
		"ephemeral",
		"persistentVolumeClaim",
		"projected",
		"secret",
	] {
		testing.verdicts(observations) == {
			["spec.template.spec.volumes[0]", true],
		} with input as volumes([{"name": "a", type: {}}])
	}
}

test_a_directory_of_the_node_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.volumes[0]",
		["hostPath"],
		"the pod template has the volume \"logs\" of type hostPath",
	]} with input as volumes([{"name": "logs", "hostPath": {"path": "/var/log"}}])
}

test_a_volume_of_no_type_is_an_empty_directory if {
	deny == set() with input as volumes([{"name": "none"}])
}

test_a_volume_of_two_types_or_none_that_can_be_read_is_denied if {
	{seen.value | some seen in deny} == {[], ["emptyDir", "hostPath"]} with input as volumes([
		{"name": "two", "emptyDir": {}, "hostPath": {}},
		"text",
	])
}

test_volumes_that_are_no_list_are_denied if {
	{seen.path | some seen in deny} == {"spec.template.spec.volumes[0]"} with input as volumes("text")
}

test_a_cron_job_is_looked_at if {
	paths := {seen.path | some seen in deny} with input as testing.given([testing.cron_job({
		"containers": [{"name": "main"}],
		"volumes": [{"name": "a", "nfs": {}}],
	})])
	paths == {"spec.jobTemplate.spec.template.spec.volumes[0]"}
}
