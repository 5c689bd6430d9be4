package observability.standard_labels_test

import data.lib.testing
import data.observability.standard_labels.observations
import data.observability.standard_labels.warn
import rego.v1

service(labels) := testing.given([object.union(testing.object_of("v1", "Service", "app", {}), {"metadata": {"labels": labels}})])

missing := {[seen.path, seen.value] | some seen in warn}

required := {"required_labels": ["name", "version"]}

test_an_object_with_all_labels_holds if {
	observations == {{
		"subject": "v1/Service/here/app",
		"path": "metadata.labels",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "Service \"app\" lacks 0 of 2 required labels",
	}} with input as service({"name": "app", "version": "1", "team": "x"}) with data.parameters as required
}

test_a_missing_or_empty_label_is_warned_of if {
	missing == {["metadata.labels", ["version"]]} with input as service({"name": "app"}) with data.parameters as required
	missing == {["metadata.labels", ["version"]]} with input as service({"name": "app", "version": ""})
		with data.parameters as required
}

test_labels_that_cannot_be_read_are_all_missing if {
	missing == {["metadata.labels", ["name", "version"]]} with input as service("text") with data.parameters as required
	missing == {["metadata.labels", ["name", "version"]]} with input as testing.given([testing.object_of("v1", "Service", "app", {})])
		with data.parameters as required
}

test_pod_templates_are_looked_at if {
	missing == {
		["metadata.labels", ["name"]],
		["spec.jobTemplate.spec.template.metadata.labels", ["name"]],
	} with input as testing.given([testing.cron_job({"containers": [{"name": "main"}]})])
		with data.parameters as {"required_labels": ["name"]}
}

test_a_pod_is_looked_at_once if {
	missing == {["metadata.labels", ["name"]]} with input as testing.given([testing.object_of("v1", "Pod", "app", {"spec": {}})])
		with data.parameters as {"required_labels": ["name"]}
}

test_a_missing_parameter_is_warned_of if {
	{seen.message | some seen in warn} == {
		"Service \"app\" cannot be judged: the parameter required_labels is missing or is not a list of strings",
	} with input as service({}) with data.parameters as {}
}
