# METADATA
# title: Quantities and durations
# description: >-
#   Kubernetes' quantities (500m, 1Gi) and Go's durations (5s, 1m30s), read without failing on other text.
package lib.quantities

import rego.v1

# True of a Kubernetes quantity greater than zero, as text or as a number.
positive(value) if {
	is_string(value)
	regex.match(_positive, value)
} else := value > 0 if {
	is_number(value)
} else := false

_positive := concat("", [
	`^\+?(?:[0-9]*[1-9][0-9]*\.?[0-9]*|[0-9]*\.[0-9]*[1-9][0-9]*)`,
	`(?:[EPTGMK]i?|k|m|u|n|[eE][0-9]+)?$`,
])

# What Go parses as a duration.
duration := `^([+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|0)$`

# A Go duration in seconds; undefined for what Go does not parse, and for more than its 292 years.
seconds(value) := time.parse_duration_ns(value) / 1000000000 if {
	is_string(value)
	regex.match(duration, value)
	not regex.match(`[0-9]{7,}(\.[0-9]*)?h|[0-9]{9,}(\.[0-9]*)?m|[0-9]{10,}`, value)
}

# A number, or a percentage as its number; undefined for anything else.
share(value) := value if is_number(value)

share(value) := to_number(trim_suffix(value, "%")) if {
	is_string(value)
	regex.match(`^[0-9]+%$`, value)
}
