# METADATA
# title: Parameters of the rules
# description: >-
#   What an organisation decides and the rules apply: `input.parameters` first, then `data.parameters`
#   (policies/data.yaml). A parameter that neither gives is undefined here; a rule then reports `missing`, so
#   that it cannot pass for want of it.
package lib.parameters

import data.lib.observation
import rego.v1

# A list of strings; undefined where the parameter is absent or of another shape.
texts(name) := value if {
	value := object.get(_given, name, object.get(_default, name, null))
	is_array(value)
	every text in value {
		is_string(text)
	}
}

# The version of Kubernetes as a text; undefined where it is absent or no text.
kubernetes_version := value if {
	value := object.get(_given, "kubernetes_version", object.get(_default, "kubernetes_version", null))
	is_string(value)
}

# A number; undefined where the parameter is absent or of another shape.
number(name) := value if {
	value := object.get(_given, name, object.get(_default, name, null))
	is_number(value)
}

# The failing observation of a rule that looked at a target and had no number to compare it with.
missing_number(target, field, name) := observation.saying(
	target, field, null, sprintf("the parameter %v, a number", [name]), false,
	sprintf("cannot be judged: the parameter %v is missing or is not a number", [name]),
)

# The failing observation of a rule that looked at a target and had nothing to compare it with.
missing(target, field, name) := observation.saying(
	target, field, null, sprintf("the parameter %v, a list of strings", [name]), false,
	sprintf("cannot be judged: the parameter %v is missing or is not a list of strings", [name]),
)

default _given := {}

# Only beside `resources`: a single Kubernetes object (a StorageClass) may have parameters of its own.
_given := input.parameters if {
	is_object(input)
	not input.kind
	is_array(input.resources)
	is_object(input.parameters)
}

default _default := {}

_default := data.parameters if is_object(data.parameters)
