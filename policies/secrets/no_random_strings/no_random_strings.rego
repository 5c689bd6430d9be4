# METADATA
# title: Nothing written out looks like a random key
# description: >-
#   A credential under a name that tells nothing, in a form that nobody has registered, still looks random. No run of letters and
#   digits in a variable, an argument, a ConfigMap or an annotation may be as long as the parameter secret_length and as random
#   (Shannon's entropy, bits a character) as secret_entropy says: of digits and letters that keep changing, or of 32 hexadecimal
#   digits and more with one bit less. Digests, certificates, and entries whose names say checksum, commit or revision are none. Only the
#   entry's name is reported. What looks random need not be secret: say so in a waiver.
# custom:
#   severity: medium
#   kinds: ["*"]
#   remediation: Put it into a Secret and refer to that with valueFrom.secretKeyRef, or in a volume.
#   parameters: [secret_entropy, secret_length]
package secrets.no_random_strings

import data.lib.entropy
import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.saying(place.target, place.field, names, [], names == [], sentence) if {
	least := parameters.number("secret_entropy")
	pattern := _pattern(parameters.number("secret_length"))
	some place in data.lib.texts.places
	names := _bearing(place, pattern, least)
	sentence := sprintf("has %d entries that look like a random key", [count(names)])
}

observations contains parameters.missing_number(place.target, place.field, name) if {
	some name in ["secret_entropy", "secret_length"]
	not parameters.number(name)
	some place in data.lib.texts.places
}

_pattern(length) := sprintf(`(?:sha[0-9]+[:-])?[A-Za-z0-9+=]{%d,}`, [length])

# Most places have no run so long.
_bearing(place, pattern, least) := sort({entry[0] |
	some entry in place.entries
	not _named_digest(entry[0])
	some run in regex.find_n(pattern, _without_certificates(entry[1]), -1)
	_random(run, least)
}) if {
	regex.match(pattern, place.joined)
} else := []

_named_digest(name) if regex.match(`(?i)checksum|digest|hash|commit|revision|sha[0-9]`, name)

_without_certificates(text) := text if {
	not contains(text, "-----BEGIN CERTIFICATE-----")
} else := regex.replace(text, `-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----`, "")

_random(run, least) if {
	regex.match(`^([0-9a-f]{32,}|[0-9A-F]{32,})$`, run)
	entropy.bits(run) >= least - 1
} else if {
	not regex.match(`^(sha[0-9]|[0-9a-f]+$|[0-9A-F]+$)`, run)
	regex.match(`[0-9]`, run)
	_mixed(run)
	entropy.bits(run) >= least
}

# Two of five characters begin another kind than the one before; in words joined together one of five does.
_mixed(run) if count(regex.find_n(`[a-z]+|[A-Z]+|[0-9]+`, run, -1)) * 5 >= count(run) * 2

deny contains finding if some finding in observation.failures(observations)
