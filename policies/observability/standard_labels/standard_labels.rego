# METADATA
# title: Objects and pods carry the standard labels
# description: >-
#   Inventory, alerts and incident work begin with the question what an object belongs to. Each object and each
#   pod template must carry the labels that the parameter required_labels names.
# custom:
#   severity: low
#   kinds: ["*"]
#   remediation: Add the missing labels; the chart puts the standard ones on every object and pod.
#   parameters: [required_labels]
package observability.standard_labels

import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.saying(place.target, place.field, missing, [], missing == [], sentence) if {
	required := parameters.texts("required_labels")
	some place in _places
	missing := [label | some label in required; object.get(place.labels, label, "") in ["", null]]
	sentence := sprintf("lacks %d of %d required labels", [count(missing), count(required)])
}

observations contains parameters.missing(place.target, place.field, "required_labels") if {
	not parameters.texts("required_labels")
	some place in _places
}

_places := array.concat(
	[{"target": resource, "field": "metadata.labels", "labels": resource.labels} | some resource in data.lib.kubernetes.resources],
	[{"target": pod.metadata, "field": "labels", "labels": pod.labels} | some pod in data.lib.kubernetes.pods; pod.kind != "Pod"],
)

warn contains finding if some finding in observation.failures(observations)
