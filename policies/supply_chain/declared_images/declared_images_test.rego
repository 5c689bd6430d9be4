package supply_chain.declared_images_test

import data.lib.testing
import data.supply_chain.declared_images.deny
import data.supply_chain.declared_images.observations
import rego.v1

denied(image) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.container({"image": image})
		with data.parameters.declared_images as ["authzed/spicedb", "docker.io/library/redis"]
}

here := "spec.template.spec.containers[0].image"

test_a_declared_image_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].image",
		"value": "ghcr.io/authzed/spicedb:v1.56.0",
		"expected": ["authzed/spicedb"],
		"holds": true,
		"message": "container \"main\" sets image to ghcr.io/authzed/spicedb:v1.56.0",
	}} with input as testing.container({"image": "ghcr.io/authzed/spicedb:v1.56.0"})
		with data.parameters.declared_images as ["authzed/spicedb"]
	denied("mirror.example.com/copies/authzed/spicedb:v1.56.0") == set()
	denied("docker.io/library/redis:7") == set()
}

test_another_program_of_the_same_registry_is_denied if {
	denied("ghcr.io/authzed/spicedb-operator:v1.0.0") == {here}
	denied("ghcr.io/notauthzed/spicedb:v1.56.0") == {here}
	denied("docker.io/library/busybox") == {here}
}

test_no_image_and_one_of_another_type_are_denied if {
	denied(null) == {here}
	denied(1) == {here}
}

test_a_missing_parameter_is_denied if {
	{seen.expected | some seen in deny} == {"the parameter declared_images, a list of strings"} with input as testing.container({})
		with data.parameters as {}
}

test_every_container_of_every_pod_is_looked_at if {
	{[seen.subject, seen.path] | some seen in deny} == {
		["apps/v1/Deployment/here/app", "spec.template.spec.initContainers[0].image"],
		["apps/v1/Deployment/here/app", "spec.template.spec.containers[0].image"],
		["apps/v1/Deployment/here/app", "spec.template.spec.ephemeralContainers[0].image"],
		["batch/v1/CronJob/here/app", "spec.jobTemplate.spec.template.spec.containers[0].image"],
	} with input as testing.containers_everywhere({"image": "other:v1.0.0"})
		with data.parameters.declared_images as ["authzed/spicedb"]
}
