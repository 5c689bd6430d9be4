package identity.no_static_keys_test

import data.identity.no_static_keys.deny
import data.identity.no_static_keys.observations
import data.lib.testing
import rego.v1

keys(variables) := values if {
	values := {seen.value | some seen in deny} with input as testing.container({"env": testing.env(variables)})
}

test_a_region_is_no_key if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"main\" has 0 settings with a static key of AWS",
	}} with input as testing.container({"env": testing.env({"AWS_REGION": "eu-west-1"})})
}

test_a_key_is_denied_written_out_or_from_a_secret if {
	keys({"AWS_ACCESS_KEY_ID": "key"}) == {["AWS_ACCESS_KEY_ID"]}
	keys({"AWS_SECRET_ACCESS_KEY": testing.secret_key("s", "k"), "AWS_ACCESS_KEY_ID": ""}) == {["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]}
	keys({"AWS_SHARED_CREDENTIALS_FILE": "/etc/aws/credentials"}) == {["AWS_SHARED_CREDENTIALS_FILE"]}
}

test_init_containers_and_cron_jobs_are_looked_at if {
	{[seen.subject, seen.path] | some seen in deny} == {
		["apps/v1/Deployment/here/app", "spec.template.spec.initContainers[0].env"],
		["apps/v1/Deployment/here/app", "spec.template.spec.ephemeralContainers[0].env"],
		["batch/v1/CronJob/here/app", "spec.jobTemplate.spec.template.spec.containers[0].env"],
	} with input as testing.containers_everywhere({"env": testing.env({"AWS_SESSION_TOKEN": "token"})})
}

test_no_variables_and_unreadable_ones_are_no_keys if {
	deny == set() with input as testing.container({})
	deny == set() with input as testing.container({"env": "AWS_ACCESS_KEY_ID"})
	deny == set() with input as testing.container({"env": [{"name": 5}, "AWS_ACCESS_KEY_ID"]})
}
