package observability.alerts_actionable_test

import data.lib.testing
import data.observability.alerts_actionable.observations
import data.observability.alerts_actionable.warn
import rego.v1

of(rules) := testing.object_of("monitoring.coreos.com/v1", "PrometheusRule", "watch", {"spec": {"groups": [{"rules": rules}]}})

down := {"alert": "Down", "expr": "up == 0", "labels": {"severity": "critical"}, "annotations": {"summary": "It is down."}}

missing(rule) := found if {
	found := {seen.value | some seen in warn} with input as testing.given([of([rule])])
}

test_an_alert_with_all_it_needs_holds if {
	observations == {
		{
			"subject": "monitoring.coreos.com/v1/PrometheusRule/here/watch",
			"path": "spec.groups",
			"value": 2,
			"expected": "one rule or more",
			"holds": true,
			"message": "PrometheusRule \"watch\" has 2 rules",
		},
		{
			"subject": "monitoring.coreos.com/v1/PrometheusRule/here/watch",
			"path": "spec.groups[0].rules[0]",
			"value": [],
			"expected": [],
			"holds": true,
			"message": "PrometheusRule \"watch\" has the alert Down, which lacks 0 of what it needs",
		},
	} with input as testing.given([of([down, {"record": "a", "expr": "up"}])])
}

test_what_an_alert_lacks_is_warned_of if {
	missing(object.remove(down, ["expr"])) == {["expr"]}
	missing(object.union(down, {"labels": {"severity": ""}})) == {["labels.severity"]}
	missing(object.union(down, {"labels": "text"})) == {["labels.severity"]}
	missing(object.remove(down, ["annotations"])) == {["annotations.summary"]}
	missing({"alert": "Down"}) == {["expr", "labels.severity", "annotations.summary"]}
}

test_no_rule_at_all_is_warned_of if {
	{seen.message | some seen in warn} == {"PrometheusRule \"watch\" has 0 rules"} with input as testing.given([of([])])
	{seen.message | some seen in warn} == {"PrometheusRule \"empty\" has 0 rules"} with input as testing.given([
		testing.object_of("monitoring.coreos.com/v1", "PrometheusRule", "empty", {"spec": "text"}),
	])
}
