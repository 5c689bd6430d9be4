package lib.selectors_test

import data.lib.selectors
import rego.v1

labels := {"app": "spicedb", "tier": "server"}

test_an_empty_selector_matches_everything if {
	selectors.matches({}, labels)
	selectors.matches({"matchLabels": null}, {})
}

test_a_selector_that_only_excludes_chooses_nobody if {
	every selector in [
		{},
		{"matchLabels": {}, "matchExpressions": []},
		expression("absent", "DoesNotExist", []),
		expression("tier", "NotIn", ["job"]),
	] {
		not selectors.chooses(selector)
	}
	selectors.chooses({"matchLabels": {"app": "spicedb"}})
	selectors.chooses(expression("tier", "In", ["job"]))
	selectors.chooses(expression("tier", "Exists", []))
}

test_labels_must_all_match if {
	selectors.matches({"matchLabels": {"app": "spicedb", "tier": "server"}}, labels)
	not selectors.matches({"matchLabels": {"app": "spicedb", "tier": "job"}}, labels)
	not selectors.matches({"matchLabels": {"other": "spicedb"}}, labels)
}

expression(key, operator, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

test_expressions_that_match if {
	selectors.matches(expression("app", "In", ["other", "spicedb"]), labels)
	selectors.matches(expression("app", "NotIn", ["other"]), labels)
	selectors.matches(expression("absent", "NotIn", ["other"]), labels)
	selectors.matches(expression("app", "Exists", []), labels)
	selectors.matches(expression("absent", "DoesNotExist", []), labels)
}

test_expressions_that_match_nothing if {
	not selectors.matches(expression("app", "In", ["other"]), labels)
	not selectors.matches(expression("absent", "In", ["other"]), labels)
	not selectors.matches(expression("app", "NotIn", ["spicedb"]), labels)
	not selectors.matches(expression("absent", "Exists", []), labels)
	not selectors.matches(expression("app", "DoesNotExist", []), labels)
}

test_what_cannot_be_read_matches_nothing if {
	not selectors.matches(null, labels)
	not selectors.matches("text", labels)
	not selectors.matches({"matchLabels": "text"}, labels)
	not selectors.matches({"matchExpressions": "text"}, labels)
	not selectors.matches(expression("app", "Like", ["spicedb"]), labels)
	not selectors.matches(expression("absent", "NotIn", []), labels)
	not selectors.matches({"matchExpressions": [{"operator": "DoesNotExist"}]}, labels)
}

test_both_kinds_of_condition_must_hold if {
	not selectors.matches(object.union({"matchLabels": {"app": "spicedb"}}, expression("tier", "In", ["job"])), labels)
}
