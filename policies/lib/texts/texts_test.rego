package lib.texts_test

import data.lib.testing
import rego.v1

test_variables_commands_and_arguments_of_every_container if {
	fields := {
		"command": ["run", 5],
		"args": ["--name=value"],
		"env": [{"name": "A", "value": "a"}, {"name": "B", "valueFrom": {}}, {"name": 5, "value": "c"}, "d"],
	}
	[[place.target.path, place.field, place.entries, place.joined] | some place in data.lib.texts.places] == [
		[
			"spec.template.spec.initContainers[0]", "env",
			[["A", "a"], ["command[0]", "run"], ["args[0]", "--name=value"]], "a\nrun\n--name=value",
		],
		["spec.template.spec.containers[0]", "env", [], ""],
	] with input as testing.given([testing.deployment({
		"initContainers": [testing.named("first", fields)],
		"containers": [testing.named("main", {"env": "A", "args": 5})],
	})])
}

test_config_maps_and_annotations if {
	config := testing.object_of("v1", "ConfigMap", "config", {
		"metadata": {"annotations": {"b": "c", "number": 5}},
		"data": {"a": "text", "number": 5},
	})
	pod := testing.workload("apps/v1", "Deployment", {})
	annotated := object.union(pod, {"spec": {"template": {"metadata": {"annotations": {"d": "e"}}}}})
	{[place.target.label, place.field, place.entries] | some place in data.lib.texts.places} == {
		["container \"\"", "env", []],
		["ConfigMap \"config\"", "data", [["a", "text"]]],
		["ConfigMap \"config\"", "metadata.annotations", [["b", "c"]]],
		["the pod template", "annotations", [["d", "e"]]],
	} with input as testing.given([config, annotated])
}

test_secrets_are_decoded if {
	secret := testing.object_of("v1", "Secret", "s", {
		"data": {"a": "YWJj", "b": "?", "c": 5},
		"stringData": {"d": "text"},
	})
	{place.joined | some place in data.lib.texts.secrets} == {"text\nabc"} with input as testing.given([secret])
	data.lib.texts.secrets == [] with input as testing.given([])
	{place.joined | some place in data.lib.texts.secrets} == {""} with input as testing.given([testing.object_of("v1", "Secret", "s", {"data": "a"})])
}
