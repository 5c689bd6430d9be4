package secrets.not_in_configmaps_test

import data.lib.testing
import data.secrets.not_in_configmaps.deny
import data.secrets.not_in_configmaps.observations
import rego.v1

configmap(content) := testing.given([testing.object_of("v1", "ConfigMap", "settings", {"data": content})])

annotated(annotations) := testing.given([object.union(
	testing.object_of("v1", "Service", "app", {}),
	{"metadata": {"annotations": annotations}},
)])

values := {[seen.path, seen.value] | some seen in deny}

test_settings_without_credentials_hold if {
	testing.verdicts(observations) == {["metadata.annotations", true], ["data", true], ["binaryData", true]} with input as configmap({
		"level": "info",
		"password_file": "/run/password",
		"use_token": "true",
		"token": "$(TOKEN)",
		"number": 5,
	})
}

test_a_credential_is_denied_by_its_key if {
	deny == {{
		"subject": "v1/ConfigMap/here/settings",
		"path": "data",
		"value": ["db_password", "uri"],
		"expected": [],
		"holds": false,
		"message": "ConfigMap \"settings\" has 2 entries in data that look like credentials",
		"msg": concat(" ", [
			"v1/ConfigMap/here/settings: data:",
			"ConfigMap \"settings\" has 2 entries in data that look like credentials",
		]),
	}} with input as configmap({"db_password": "hidden", "uri": "postgres://user:hidden@db", "level": "info"})
}

test_annotations_hold_no_credentials if {
	testing.verdicts(observations) == {["metadata.annotations", true]} with input as annotated({
		"checksum/secret": "e3b0c44298fc1c149afbf4c8996fb924",
		"cert-manager.io/secret-name": "tls",
	})
	values == {["metadata.annotations", ["note"]]} with input as annotated({"note": "token: hidden", "other": "fine"})
}

test_what_cannot_be_read_is_denied if {
	values == {["metadata.annotations", ["unreadable"]]} with input as annotated("text")
	values == {["data", ["unreadable"]]} with input as configmap("text")
}

test_pod_templates_are_looked_at if {
	pod := object.union(
		testing.deployment({"containers": [{"name": "main"}]}),
		{"spec": {"template": {"metadata": {"annotations": {"note": "password=hidden"}}}}},
	)
	values == {["spec.template.metadata.annotations", ["note"]]} with input as testing.given([pod])
}

test_a_name_alone_makes_no_credential_of_an_annotation if {
	values == set() with input as annotated({"vault.example.com/agent-inject-token": "role/spicedb"})
	pod := object.union(
		testing.deployment({"containers": [{"name": "main"}]}),
		{"spec": {"template": {"metadata": {"annotations": {"reload-on-secret": "spicedb"}}}}},
	)
	values == set() with input as testing.given([pod])
}

test_a_pod_is_looked_at_once if {
	{seen.path | some seen in observations} == {"metadata.annotations"} with input as testing.given([
		testing.object_of("v1", "Pod", "app", {"spec": {"containers": [{"name": "main"}]}}),
	])
}

test_a_switch_or_an_empty_text_is_no_credential if {
	values == set() with input as configmap({"token": "false", "password": "", "secret": "true"})
}

test_base64_hides_nothing if {
	values == {["binaryData", ["uri"]]} with input as testing.given([testing.object_of("v1", "ConfigMap", "settings", {"binaryData": {
		"uri": base64.encode("postgres://user:hidden@db"),
		"level": base64.encode("info"),
		"broken": "not base64!",
		"number": 5,
		"image": "/9j/4AAQ",
	}})])
}
