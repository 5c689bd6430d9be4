package workload.limits_test

import data.lib.testing
import data.workload.limits.deny
import data.workload.limits.observations
import rego.v1

resources(value) := testing.container({"resources": {"limits": value}})

cpu := "spec.template.spec.containers[0].resources.limits.cpu"

memory := "spec.template.spec.containers[0].resources.limits.memory"

test_both_quantities_hold if {
	testing.verdicts(observations) == {[cpu, true], [memory, true]} with input as resources({"cpu": "100m", "memory": 1073741824})
}

test_an_observation_in_full if {
	{seen | some seen in observations; seen.path == memory} == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": memory,
		"value": "1Gi",
		"expected": "a quantity greater than zero",
		"holds": true,
		"message": "container \"main\" sets resources.limits.memory to 1Gi",
	}} with input as resources({"cpu": "1", "memory": "1Gi"})
}

test_one_quantity_alone_is_denied if {
	{seen.path | some seen in deny} == {memory} with input as resources({"cpu": "1"})
	{seen.path | some seen in deny} == {cpu} with input as resources({"memory": "1Gi"})
}

test_nothing_at_all_fails if {
	{seen.path | some seen in deny} == {cpu, memory} with input as testing.container({})
	{seen.path | some seen in deny} == {cpu, memory} with input as testing.container({"resources": "text"})
}

test_zero_and_other_values_fail if {
	{seen.value | some seen in deny} == {"0", {}} with input as resources({"cpu": "0", "memory": {}})
}

test_every_list_of_containers_is_looked_at if {
	{seen.path | some seen in observations; endswith(seen.path, "cpu"); seen.holds} == {
		"spec.template.spec.initContainers[0].resources.limits.cpu",
		"spec.template.spec.ephemeralContainers[0].resources.limits.cpu",
		"spec.jobTemplate.spec.template.spec.containers[0].resources.limits.cpu",
	} with input as testing.containers_everywhere({"resources": {"limits": {"cpu": "1"}}})
}
