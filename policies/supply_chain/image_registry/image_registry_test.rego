package supply_chain.image_registry_test

import data.lib.testing
import data.supply_chain.image_registry.deny
import data.supply_chain.image_registry.observations
import rego.v1

holds(image, registries) := verdicts if {
	given := object.union(testing.container({"image": image}), {"parameters": {"image_registries": registries}})
	verdicts := {seen.holds | some seen in observations} with input as given
}

test_a_known_registry_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].image",
		"value": "ghcr.io/authzed/spicedb:v1.56.0",
		"expected": ["ghcr.io"],
		"holds": true,
		"message": "container \"main\" sets image to ghcr.io/authzed/spicedb:v1.56.0",
	}} with input as testing.container({"image": "ghcr.io/authzed/spicedb:v1.56.0"})
		with data.parameters as {"image_registries": ["ghcr.io"]}
}

test_a_known_path_holds if {
	holds("ghcr.io/authzed/spicedb", ["ghcr.io/authzed"]) == {true}
	holds("localhost:5000/spicedb", ["localhost:5000"]) == {true}
	holds("authzed/spicedb", ["docker.io"]) == {true}
	holds("authzed/spicedb", ["docker.io/authzed"]) == {true}
}

test_other_places_are_denied if {
	holds("ghcr.io/authzed-other/spicedb", ["ghcr.io/authzed"]) == {false}
	holds("quay.io/authzed/spicedb", ["ghcr.io/authzed"]) == {false}
	holds("ghcr.io.example.com/authzed/spicedb", ["ghcr.io"]) == {false}
	holds("ghcr.io/authzed/spicedb", []) == {false}
	holds("", ["docker.io"]) == {false}
	holds(5, ["docker.io"]) == {false}
}

test_a_missing_parameter_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].image",
		null,
		"container \"main\" cannot be judged: the parameter image_registries is missing or is not a list of strings",
	]} with input as testing.container({"image": "ghcr.io/authzed/spicedb"}) with data.parameters as {}
}

test_every_list_of_containers_is_looked_at if {
	count(deny) == 4 with input as testing.containers_everywhere({"image": "quay.io/other/spicedb"})
		with data.parameters as {"image_registries": ["ghcr.io"]}
}
