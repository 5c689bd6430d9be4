package supply_chain.pull_policy_test

import data.lib.testing
import data.supply_chain.pull_policy.deny
import data.supply_chain.pull_policy.observations
import rego.v1

digest := "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

expected(image, policy) := found if {
	found := {seen.expected | some seen in deny} with input as testing.container({"image": image, "imagePullPolicy": policy})
}

left_out(image) := found if {
	found := {seen.expected | some seen in deny} with input as testing.container({"image": image})
}

test_a_version_that_is_pulled_once_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].imagePullPolicy",
		"value": "IfNotPresent",
		"expected": "IfNotPresent or Always",
		"holds": true,
		"message": "container \"main\" has an image that stays the same pulled by \"IfNotPresent\"",
	}} with input as testing.container({"image": "spicedb:v1.56.0", "imagePullPolicy": "IfNotPresent"})
	expected(concat("@", ["spicedb", digest]), "IfNotPresent") == set()
	left_out("spicedb:1.56.0-debug") == set()
}

test_never_is_denied if {
	expected("spicedb:v1.56.0", "Never") == {"IfNotPresent or Always"}
	expected(concat("@", ["spicedb", digest]), "Never") == {"IfNotPresent or Always"}
}

test_a_tag_that_moves_is_pulled_each_time if {
	expected("spicedb:latest", "IfNotPresent") == {"Always"}
	expected("spicedb:v1", "IfNotPresent") == {"Always"}
	expected("spicedb", "Always") == set()
	left_out("spicedb:latest") == set()
	left_out("spicedb") == set()
	left_out("spicedb:v1.56") == {"Always"}
}

test_a_policy_or_an_image_of_another_type_is_denied if {
	expected("spicedb:v1.56.0", 1) == {"IfNotPresent or Always"}
	expected(1, "IfNotPresent") == {"Always"}
}

test_every_container_of_every_pod_is_looked_at if {
	{[seen.subject, seen.path] | some seen in deny} == {
		["apps/v1/Deployment/here/app", "spec.template.spec.initContainers[0].imagePullPolicy"],
		["apps/v1/Deployment/here/app", "spec.template.spec.ephemeralContainers[0].imagePullPolicy"],
		["batch/v1/CronJob/here/app", "spec.jobTemplate.spec.template.spec.containers[0].imagePullPolicy"],
	} with input as testing.containers_everywhere({"image": "a:v1.0.0", "imagePullPolicy": "Never"})
}
