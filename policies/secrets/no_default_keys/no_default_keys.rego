# METADATA
# title: No key or password is one that everybody knows
# description: >-
#   Keys such as somerandomkeyhere stand in tutorials and compose files, and are the first that anybody tries. None of the list in
#   the parameter default_credentials may stand in a variable, an argument, a ConfigMap, an annotation or a rendered Secret, alone
#   or as the password of a URI. Only the entry's name is reported.
# custom:
#   severity: critical
#   kinds: ["*"]
#   remediation: Make a random key (openssl rand -hex 32), put it into a Secret and name that in existingSecret.
#   parameters: [default_credentials]
package secrets.no_default_keys

import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.saying(place.target, place.field, names, [], names == [], sentence) if {
	known := parameters.texts("default_credentials")
	some place in _places
	names := _bearing(place, known)
	sentence := sprintf("has %d entries with a well-known key or password", [count(names)])
}

observations contains parameters.missing(place.target, place.field, "default_credentials") if {
	not parameters.texts("default_credentials")
	some place in _places
}

_places := array.concat(data.lib.texts.places, data.lib.texts.secrets)

# Most places hold none even as part of another word, which is quick to see.
_bearing(place, known) := sort({entry[0] |
	some entry in place.entries
	some part in regex.split(`[\s=,:@/"']+`, lower(entry[1]))
	part in known
}) if {
	joined := lower(place.joined)
	some text in known
	contains(joined, text)
} else := []

deny contains finding if some finding in observation.failures(observations)
