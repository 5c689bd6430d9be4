# METADATA
# title: Label selectors
# description: Kubernetes' label selectors, evaluated; a selector that cannot be read matches nothing.
package lib.selectors

import data.lib.kubernetes
import rego.v1

# A LabelSelector (matchLabels and matchExpressions); an empty one matches every set of labels.
matches(selector, labels) if {
	_readable(selector)
	object.subset(labels, kubernetes.map(selector, "matchLabels"))
	every expression in kubernetes.entries(selector, "matchExpressions") {
		_met(expression, labels)
	}
}

# True of a selector that says what must be there. One that says only what must not be selects nearly everything.
chooses(selector) if {
	count(kubernetes.map(selector, "matchLabels")) > 0
} else if {
	some expression in kubernetes.entries(selector, "matchExpressions")
	expression.operator in {"In", "Exists"}
}

_readable(selector) if {
	is_object(selector)
	_map_or_null(object.get(selector, "matchLabels", null))
}

_map_or_null(value) if is_object(value)

_map_or_null(null) := true

_met(expression, labels) if {
	expression.operator == "In"
	labels[expression.key] in kubernetes.entries(expression, "values")
}

_met(expression, labels) if {
	expression.operator == "NotIn"
	is_string(expression.key)
	values := kubernetes.entries(expression, "values")
	count(values) > 0
	not object.get(labels, expression.key, null) in values
}

_met(expression, labels) if {
	expression.operator == "Exists"
	labels[expression.key]
}

_met(expression, labels) if {
	expression.operator == "DoesNotExist"
	is_string(expression.key)
	not labels[expression.key]
}
