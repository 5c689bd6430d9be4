# METADATA
# title: What looks like a credential
# description: >-
#   Recognises credentials by the name of the setting or by the text itself, and hides them: no rule ever
#   repeats a credential. A reference of Kubernetes' form $(NAME) is not a credential.
package lib.credentials

import rego.v1

# By the name of an environment variable, a flag or a key. Names of files, paths and modes only speak about one.
named(name) if {
	word := lower(name)
	regex.match(_names, word)
	not regex.match(_about, word)
}

# By the name of what says where something is, which is a credential only if there is a password in it.
locates(name) if {
	regex.match(_locations, lower(name))
	not regex.match(_secrets, lower(name))
}

# Those of a list of names that name a credential.
named_in(names) := {name |
	some name in regex.find_n(sprintf(`(?mi)^.*%s.*$`, [_names]), concat("\n", names), -1)
	not regex.match(_about, lower(name))
}

# By the text: a URI with a password, a private key, a known kind of token, or `password=…` and its like.
found(text) if {
	regex.match(_shapes, text)
} else if {
	some groups in regex.find_all_string_submatch_n(_assignments, lower(text), -1)
	some group in array.slice(groups, 1, 4)
	not group == ""
	not reference(group)
}

# True of every text that holds a credential or names one, and of some others: quick to ask of many texts joined.
hinted(text) if {
	regex.match(_names, lower(text))
} else if {
	found(text)
}

reference(text) if regex.match(`^\$\([A-Za-z_][A-Za-z0-9_.-]*\)$`, text)

# A value as a report may show it: itself, unless it holds a credential. Most values are plain words or paths.
safe(value) := value if {
	not _text_to_hide(value)
} else := mask(value)

_text_to_hide(value) if {
	is_string(value)
	not regex.match(`^[A-Za-z0-9/._:-]*$`, value)
	found(value)
}

# What a report may show of a credential.
mask(value) := sprintf("******** (%d characters)", [count(value)]) if {
	is_string(value)
} else := "********"

# These are matched against lower case where one text is looked at, as patterns that ignore case are slow.
_names := sprintf("(?:%s|%s)", [_secrets, _locations])

_secrets := `(?:password|passwd|passphrase|token|secret|(?:preshared|private|access|api)[^a-z0-9\n]?key)`

_locations := `(?:conn|datastore|database)[^a-z0-9\n]?ur[il]`

_about := concat("", [
	`(^checksum/|[^a-z0-9](file|files|path|dir|name|id|mode|behavior|enabled|type|ttl|timeout|interval|duration|`,
	`expiration|size|limit|count)$)`,
])

# One of the groups is the credential. The second is MySQL's: user:password@tcp(host)/database.
_assignments := concat("|", [
	`://[^/\s:@]*:([^\s@]+)@`,
	`(?:^|[\s="'])[^\s:@/="']*:([^\s]+)@(?:tcp|unix)\(`,
	`(?:password|passwd|pwd|passphrase|secret|token|(?:preshared|private|access|api)[_-]?key)["']?\s*[=:]\s*["']?([^\s"']{4,})`,
])

_shapes := concat("|", [
	`-----BEGIN [A-Z ]*PRIVATE KEY-----`,
	`\b(AKIA|ASIA)[0-9A-Z]{16}\b`,
	`\bgh[pousr]_[A-Za-z0-9]{36}`,
	`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}`,
])
