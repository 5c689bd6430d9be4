package lib.images_test

import data.lib.testing
import rego.v1

parsed(image) := [used.registry, used.repository, used.tag, used.digest, used.pinned] if {
	some used in data.lib.images.used with input as testing.container({"image": image})
}

digest := "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

test_every_part_is_found if {
	parsed(concat("", ["ghcr.io/authzed/spicedb:v1.56.0@", digest])) == ["ghcr.io", "ghcr.io/authzed/spicedb", "v1.56.0", digest, true]
}

test_docker_hub_is_the_registry_of_names_without_one if {
	parsed("spicedb") == ["docker.io", "docker.io/spicedb", "", "", false]
	parsed("authzed/spicedb:v1") == ["docker.io", "docker.io/authzed/spicedb", "v1", "", false]
}

test_a_port_is_no_tag if {
	parsed("localhost:5000/spicedb") == ["localhost:5000", "localhost:5000/spicedb", "", "", false]
	parsed("localhost/spicedb") == ["localhost", "localhost/spicedb", "", "", false]
}

test_half_a_digest_pins_nothing if parsed("spicedb@sha256:00") == ["docker.io", "docker.io/spicedb", "", "sha256:00", false]

test_what_is_no_image_has_no_parts if {
	every image in ["", null, 5, {}] {
		parsed(image) == ["", "", "", "", false]
	}
}
