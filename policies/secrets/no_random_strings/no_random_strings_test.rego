package secrets.no_random_strings_test

import data.lib.testing
import data.secrets.no_random_strings.deny
import data.secrets.no_random_strings.observations
import rego.v1

limits := {"secret_entropy": 4, "secret_length": 20}

names(objects) := found if {
	found := {seen.value | some seen in deny} with input as testing.given(objects) with data.parameters as limits
}

variable(value) := [testing.deployment({"containers": [testing.named("main", {"env": testing.env({"A": value})})]})]

map(text) := [testing.object_of("v1", "ConfigMap", "c", {"data": {"a": text}})]

base62 := "q7Zp2LxV9sTb4KdR8mWc1NfY"

hexadecimal := "9f86d081884c7d659a2feaa0c55ad015"

test_words_and_paths_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"main\" has 0 entries that look like a random key",
	}} with input as testing.given(variable("/etc/spicedb/tls/dispatch-certificates/tls.crt")) with data.parameters as limits
}

test_a_random_key_is_denied if {
	names(variable(base62)) == {["A"]}
	names(variable(concat("", ["https://example.com/hook/", base62]))) == {["A"]}
	names(variable(hexadecimal)) == {["A"]}
	names(variable(upper(hexadecimal))) == {["A"]}
}

test_arguments_config_maps_and_annotations_are_looked_at if {
	names([testing.deployment({"containers": [testing.named("main", {"args": [concat("=", ["--x", base62])]})]})]) == {["args[0]"]}
	names(map(sprintf("x: %v\n", [base62]))) == {["a"]}
	names([testing.object_of("v1", "Service", "s", {"metadata": {"annotations": {"a": base62}}})]) == {["a"]}
}

test_init_containers_and_cron_jobs_are_looked_at if {
	count(deny) == 3 with input as testing.containers_everywhere({"env": testing.env({"A": base62})}) with data.parameters as limits
}

test_digests_certificates_and_long_names_hold if {
	every value in [
		"ghcr.io/authzed/spicedb@sha256:9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
		"arn:aws:iam::123456789012:role/SpicedbProductionMigrationRole1",
		"spicedb-authorization-production-server-3",
		"6f1ed002-ab5d-4c67-8a2e-0d9e1f4b7c33",
		"00000000000000000000000000000000",
		"arn:aws:iam::123456789012:role/AmazonEKSPodIdentityAmazonRole1",
		"aA1aA1aA1aA1aA1aA1aA1aA1",
		"abcdefghijklmnopqrstuvwxyz",
	] {
		names(variable(value)) == set()
	}
	names(map(sprintf("-----BEGIN CERTIFICATE-----\n%v\n-----END CERTIFICATE-----", [base62]))) == set()
}

test_entries_that_are_called_digests_hold if {
	every name in ["checksum/config", "git-commit", "app.example.com/revision", "SHA256"] {
		names([testing.object_of("v1", "ConfigMap", "c", {"data": {name: hexadecimal}})]) == set()
	}
}

test_a_text_that_is_not_there_or_no_text_holds if {
	names([testing.deployment({"containers": [testing.named("main", {})]})]) == set()
	names([testing.object_of("v1", "ConfigMap", "c", {"data": {"a": 5}})]) == set()
}

test_a_missing_limit_is_denied if {
	every name in ["secret_entropy", "secret_length"] {
		{seen.expected | some seen in deny} == {sprintf("the parameter %v, a number", [name])} with input as testing.given(variable("a"))
			with data.parameters as object.remove(limits, [name])
	}
}
