# METADATA
# title: Observations
# description: >-
#   An observation says that a rule looked at one place of one object and what it saw there: `subject`
#   (apiVersion/Kind/namespace/name), `path` (JSON path inside that object), `value` (what was seen, null when
#   absent), `expected` (what would hold), `holds` and `message` (one sentence). Passes are observations too: a
#   rule without an observation was not exercised. A target is anything with subject, prefix and label.
package lib.observation

import rego.v1

# An observation of one field of a target, with a sentence of the usual form. Both functions write the object out in
# full, as they run for every observation and a call inside a call costs as much as the rest.
of(target, field, value, expected, holds) := {
	"subject": target.subject,
	"path": concat("", [target.prefix, field]),
	"value": value,
	"expected": expected,
	"holds": holds,
	"message": sprintf("%v sets %v to %v", [target.label, field, value]),
} if {
	value != null
} else := {
	"subject": target.subject,
	"path": concat("", [target.prefix, field]),
	"value": null,
	"expected": expected,
	"holds": holds,
	"message": sprintf("%v does not set %v", [target.label, field]),
}

# The same with a sentence of the rule's own, which follows the target's name.
saying(target, field, value, expected, holds, sentence) := {
	"subject": target.subject,
	"path": concat("", [target.prefix, field]),
	"value": value,
	"expected": expected,
	"holds": holds,
	"message": concat(" ", [target.label, sentence]),
}

# What conftest's `deny` or `warn` of a rule holds: the observations that do not hold, each with `msg`.
failures(observations) := {finding |
	some observation in observations
	not observation.holds
	finding := object.union(observation, {"msg": sprintf("%v: %v: %v", [
		observation.subject,
		observation.path,
		observation.message,
	])})
}

# A value as it reads in a sentence.
shown(value) := sprintf("\"%v\"", [value]) if {
	is_string(value)
} else := "nothing" if {
	value == null
} else := sprintf("%v", [value])
