package secrets.no_default_keys_test

import data.lib.testing
import data.secrets.no_default_keys.deny
import data.secrets.no_default_keys.observations
import rego.v1

known := ["foobar", "somerandomkeyhere"]

names(objects) := found if {
	found := {seen.value | some seen in deny} with input as testing.given(objects) with data.parameters as {"default_credentials": known}
}

container(fields) := [testing.deployment({"containers": [testing.named("main", fields)]})]

test_other_keys_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"main\" has 0 entries with a well-known key or password",
	}} with input as testing.container({"env": testing.env({"KEY": "foobarbaz", "OTHER": "foo"})})
		with data.parameters as {"default_credentials": known}
}

test_a_known_key_is_denied_in_variables_and_arguments if {
	names(container({"env": testing.env({"A": "foobar", "B": "x,SomeRandomKeyHere"})})) == {["A", "B"]}
	names(container({"args": ["serve", "--grpc-preshared-key=foobar"]})) == {["args[1]"]}
	names(container({"command": ["sh", "-c", "serve --key foobar"]})) == {["command[2]"]}
}

test_a_known_password_of_a_uri_is_denied if {
	names(container({"env": testing.env({"URI": "postgres://spicedb:foobar@db/spicedb"})})) == {["URI"]}
	names(container({"env": testing.env({"URI": "postgres://foobarista@db/spicedb"})})) == set()
}

test_config_maps_annotations_and_secrets_are_looked_at if {
	names([testing.object_of("v1", "ConfigMap", "c", {"data": {"a": "key: foobar"}})]) == {["a"]}
	names([testing.object_of("v1", "Service", "s", {"metadata": {"annotations": {"a": "foobar"}}})]) == {["a"]}
	names([testing.object_of("v1", "Secret", "s", {"data": {"a": "Zm9vYmFy"}, "stringData": {"b": "foobar"}})]) == {["a", "b"]}
}

test_init_containers_and_cron_jobs_are_looked_at if {
	count(deny) == 3 with input as testing.containers_everywhere({"env": testing.env({"A": "foobar"})})
		with data.parameters as {"default_credentials": known}
}

test_absent_and_unreadable_texts_hold if {
	names(container({})) == set()
	names(container({"env": "foobar", "args": [5]})) == set()
}

test_a_missing_list_is_denied if {
	every parameters in [{}, {"default_credentials": "foobar"}] {
		{seen.expected | some seen in deny} == {"the parameter default_credentials, a list of strings"} with input as testing.container({})
			with data.parameters as parameters
	}
}
