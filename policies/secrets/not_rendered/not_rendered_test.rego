package secrets.not_rendered_test

import data.lib.testing
import data.secrets.not_rendered.deny
import data.secrets.not_rendered.observations
import rego.v1

secret(fields) := testing.object_of("v1", "Secret", "credentials", fields)

pod := testing.deployment({
	"containers": [{
		"name": "main",
		"env": testing.env({"KEY": testing.secret_key("credentials", "key"), "LEVEL": "info"}),
		"envFrom": [{"secretRef": {"name": "credentials"}}, {"configMapRef": {"name": "settings"}}],
	}],
	"volumes": [
		{"name": "a", "secret": {"secretName": "credentials"}},
		{"name": "b", "projected": {"sources": [{"secret": {"name": "credentials"}}]}},
		{"name": "c", "emptyDir": {}},
	],
})

paths := {
	"spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef",
	"spec.template.spec.containers[0].envFrom[0].secretRef",
	"spec.template.spec.volumes[0]",
	"spec.template.spec.volumes[1]",
}

test_references_to_secrets_from_outside_hold if {
	{seen.path | some seen in observations; seen.holds} == paths with input as testing.given([pod])
	deny == set() with input as testing.given([pod])
}

test_an_observation_in_full if {
	{seen | some seen in observations; contains(seen.path, "env[0]")} == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef",
		"value": "credentials",
		"expected": "a Secret from outside the rendering",
		"holds": true,
		"message": "container \"main\" refers to the Secret \"credentials\", which is rendered nowhere with data",
	}} with input as testing.given([pod])
}

test_references_to_a_rendered_secret_are_denied if {
	{seen.path | some seen in deny} == paths | {"data"} with input as testing.given([pod, secret({"stringData": {"key": "x"}})])
}

test_a_rendered_secret_is_denied_by_its_keys if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"data",
		["certificate", "key"],
		"Secret \"credentials\" is rendered with 2 keys",
	]} with input as testing.given([secret({"stringData": {"key": "hidden"}, "data": {"certificate": "aGlkZGVu"}})])
}

test_a_secret_without_data_holds if {
	every fields in [{}, {"data": {}}, {"data": null}] {
		testing.verdicts(observations) == {["data", true]} with input as testing.given([secret(fields)])
	}
}

test_data_that_cannot_be_read_are_denied if {
	{seen.value | some seen in deny} == {["unreadable"]} with input as testing.given([secret({"data": "text"})])
}

test_a_secret_of_another_namespace_is_another_secret if {
	elsewhere := object.union(secret({"stringData": {"key": "x"}}), {"metadata": {"namespace": "there"}})
	{seen.path | some seen in deny} == {"data"} with input as testing.given([pod, elsewhere])
}

test_a_reference_to_a_rendered_secret_without_data_holds if {
	deny == set() with input as testing.given([pod, secret({})])
}
