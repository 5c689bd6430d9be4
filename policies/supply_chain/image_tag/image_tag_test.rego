package supply_chain.image_tag_test

import data.lib.testing
import data.supply_chain.image_tag.deny
import data.supply_chain.image_tag.observations
import rego.v1

digest := "@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

holds(image) := verdicts if {
	verdicts := {seen.holds | some seen in observations} with input as testing.container({"image": image})
}

test_a_version_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].image",
		"value": "spicedb:v1.56.0",
		"expected": "a tag other than latest, or a digest alone",
		"holds": true,
		"message": "container \"main\" sets image to spicedb:v1.56.0",
	}} with input as testing.container({"image": "spicedb:v1.56.0"})
}

test_a_digest_alone_holds if holds(concat("", ["spicedb", digest])) == {true}

test_images_that_change_are_denied if {
	every image in [
		"spicedb",
		"spicedb:latest",
		"localhost:5000/spicedb",
		"spicedb@sha256:00",
		concat("", ["spicedb:latest", digest]),
	] {
		holds(image) == {false}
	}
}

test_no_image_is_denied if {
	{seen.message | some seen in deny} == {"container \"main\" does not set image"} with input as testing.container({})
	holds("") == {false}
	holds(5) == {false}
}

test_every_list_of_containers_is_looked_at if {
	count(deny) == 4 with input as testing.containers_everywhere({"image": "spicedb"})
	count(deny) == 1 with input as testing.containers_everywhere({"image": "spicedb:v1"})
}
