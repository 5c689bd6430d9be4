package supply_chain.image_digest_test

import data.lib.testing
import data.supply_chain.image_digest.deny
import data.supply_chain.image_digest.observations
import rego.v1

pinned := "spicedb:v1.56.0@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

test_a_digest_holds if {
	{[seen.path, seen.expected, seen.holds] | some seen in observations} == {[
		"spec.template.spec.containers[0].image",
		"a sha256 digest",
		true,
	]} with input as testing.container({"image": pinned})
}

test_images_without_a_whole_digest_are_denied if {
	every image in ["spicedb:v1.56.0", "spicedb@sha256:00", "spicedb@md5:00", "", 5, null] {
		{seen.value | some seen in deny} == {image} with input as testing.container({"image": image})
	}
}

test_no_image_is_denied if {
	{seen.message | some seen in deny} == {"container \"main\" does not set image"} with input as testing.container({})
}

test_every_list_of_containers_is_looked_at if {
	count(deny) == 4 with input as testing.containers_everywhere({"image": "spicedb:v1"})
	count(deny) == 1 with input as testing.containers_everywhere({"image": pinned})
}
