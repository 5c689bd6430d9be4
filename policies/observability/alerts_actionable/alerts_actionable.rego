# METADATA
# title: Alerts say how bad it is and what is wrong
# description: >-
#   A PrometheusRule without an alert warns nobody, and an alert without a severity reaches nobody, as routes choose by
#   it. Each PrometheusRule must have an alert or a recording rule, and each alert an expression, a label severity and a
#   summary or description.
# custom:
#   severity: low
#   kinds: [PrometheusRule]
#   remediation: >-
#     Give each alert labels.severity and annotations.summary. Those of monitoring.prometheusRule have them.
#   parameters: []
package observability.alerts_actionable

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(object_, "spec.groups", count(rules), "one rule or more", rules != [], sentence) if {
	some object_ in _prometheus_rules
	rules := _rules(object_)
	sentence := sprintf("has %d rules", [count(rules)])
}

observations contains observation.saying(object_, seen.field, missing, [], missing == [], sentence) if {
	some object_ in _prometheus_rules
	some seen in _rules(object_)
	alert := kubernetes.text(seen.rule, "alert")
	alert != ""
	missing := _missing(seen.rule)
	sentence := sprintf("has the alert %v, which lacks %d of what it needs", [alert, count(missing)])
}

_prometheus_rules := kubernetes.of_kind("monitoring.coreos.com", "PrometheusRule")

_rules(object_) := [{"field": field, "rule": rule} |
	some number, group in kubernetes.entries(kubernetes.map(object_.object, "spec"), "groups")
	some index, entry in kubernetes.entries(kubernetes.as_map(group), "rules")
	rule := kubernetes.as_map(entry)
	field := sprintf("spec.groups[%d].rules[%d]", [number, index])
]

_missing(rule) := array.concat(
	["expr" | object.get(rule, "expr", "") in {"", null}],
	array.concat(
		["labels.severity" | kubernetes.text(kubernetes.map(rule, "labels"), "severity") == ""],
		["annotations.summary" | not _says_what(kubernetes.map(rule, "annotations"))],
	),
)

_says_what(annotations) if {
	some name in ["summary", "description", "message"]
	kubernetes.text(annotations, name) != ""
}

warn contains finding if some finding in observation.failures(observations)
