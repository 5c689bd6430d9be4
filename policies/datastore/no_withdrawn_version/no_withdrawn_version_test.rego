package datastore.no_withdrawn_version_test

import data.datastore.no_withdrawn_version.deny
import data.datastore.no_withdrawn_version.observations
import data.lib.testing
import rego.v1

image(tag) := {"image": sprintf("ghcr.io/authzed/spicedb:%v", [tag])}

versions(objects) := found if {
	found := {seen.value | some seen in deny} with input as testing.given(objects)
}

test_a_version_in_use_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].image",
		"value": "v1.56.0",
		"expected": "a version that was not withdrawn",
		"holds": true,
		"message": "container \"spicedb\" runs SpiceDB v1.56.0, which was not withdrawn",
	}} with input as testing.server({}, image("v1.56.0"))
}

test_a_withdrawn_version_is_denied_for_server_and_migration if {
	versions([
		testing.deployment({"containers": [testing.serving({}, image("v1.49.1"))]}),
		testing.cron_job({"containers": [testing.migrating({}, image("v1.45.0-debug"))]}),
	]) == {"v1.49.1", "v1.45.0"}
	{seen.message | some seen in deny} == {"container \"spicedb\" runs SpiceDB v1.49.1, which its makers have withdrawn"} with input as testing.server({}, image("v1.49.1"))
}

test_the_version_before_and_after_holds if {
	versions([testing.deployment({"containers": [testing.serving({}, image("v1.49.0")), testing.serving({}, image("v1.52.0"))]})]) == {"v1.49.0"}
}

test_a_version_that_nobody_tells_is_another_rules_matter if {
	observations == set() with input as testing.server({}, image("latest"))
	observations == set() with input as testing.server({}, {})
	observations == set() with input as testing.server({}, {"image": 5})
}

test_other_containers_run_no_spicedb if observations == set() with input as testing.container(image("v1.49.1"))
