# METADATA
# title: Credentials reach containers only by reference to a Secret
# description: >-
#   A credential written into a pod is readable by everyone who may read pods, and by whoever sees the manifest.
#   Environment variables that bear credentials, by name or by what they hold, must take them from a Secret;
#   arguments must not hold any. The file spicedb.env, which SpiceDB reads from its working directory, must not come
#   from a ConfigMap. A URI of a database may be written out if there is no password in it. A
#   credential found is reported as a mask and its length.
# custom:
#   severity: critical
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Put the credential into a Secret and name it in existingSecret; refer to it with valueFrom.secretKeyRef.
#   parameters: []
package secrets.by_reference

import data.lib.credentials
import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, field, value, _expected, holds, sentence) if {
	some container in data.lib.kubernetes.containers
	entries := kubernetes.entries(container.spec, "env")
	entries != []
	bearing := _bearing(entries)
	some index, entry in entries
	entry.name in bearing
	some kind in _kinds(entry)
	field := sprintf("env[%d]", [index])
	holds := _names_key(kind, entry)
	value := _value(kind, entry)
	sentence := sprintf("takes the %v %v by %v", [_what(kind, entry), entry.name, kind])
}

observations contains observation.saying(container, container.file.field, kind, "a file of a Secret", holds, sentence) if {
	some container in data.lib.spicedb.containers
	some kind in container.file.volume.kinds
	holds := _kept[kind]
	sentence := sprintf("takes its credentials by a file, spicedb.env, from a volume of type %v", [kind])
}

observations contains observation.saying(looked.container, "args", [], "no credential", true, sentence) if {
	some looked in _looked_through
	looked.revealing == []
	sentence := "holds no credential in its command and arguments"
}

observations contains observation.saying(looked.container, argument.field, value, "no credential", false, sentence) if {
	some looked in _looked_through
	some argument in looked.revealing
	value := credentials.mask(argument.text)
	sentence := "holds a credential in its command or arguments"
}

_looked_through := [{"container": container, "revealing": _revealing(container)} | some container in data.lib.kubernetes.containers]

# Whether a volume of a kind keeps a file as a Secret does. A projected volume is one of those below: what it brings together is
# visible. Of other kinds, such as an emptyDir that a side-car writes to, nothing can be said.
_kept := {"secret": true, "csi": true, "configMap": false}

_expected := "valueFrom.secretKeyRef with name and key"

# The names of the variables that bear a credential, by the name or by what they hold. All of them are looked at as
# one text first, as most containers have none of the second kind.
_bearing(entries) := credentials.named_in(names) | {entry.name |
	credentials.found(concat("\n", [entry.value | some entry in entries; is_string(entry.value)]))
	some entry in entries
	is_string(entry.value)
	credentials.found(entry.value)
} if {
	names := [entry.name | some entry in entries; is_string(entry.name)]
}

# How a variable takes its value.
_kinds(entry) := object.keys(entry.valueFrom) if {
	is_object(entry.valueFrom)
	entry.valueFrom != {}
} else := {"literal value"}

_names_key(kind, entry) if {
	kind == "secretKeyRef"
	is_string(entry.valueFrom.secretKeyRef.name)
	is_string(entry.valueFrom.secretKeyRef.key)
} else if {
	_open(kind, entry)
} else := false

# A URI, written out, without a password.
_open(kind, entry) if {
	kind == "literal value"
	credentials.locates(entry.name)
	is_string(entry.value)
	_without_password(entry.value)
}

# A form that has a place for a password is known to hold none, or only a reference; any other text may be one.
_without_password(text) if {
	regex.match(`^(?:postgres(?:ql)?://|projects/|[^\s:@/]*(?::[^\s]*)?@(?:tcp|unix)\(|\$\([A-Za-z_][A-Za-z0-9_.-]*\))`, text)
	not credentials.found(text)
}

_what(kind, entry) := "URI without a password" if {
	_open(kind, entry)
} else := "credential"

_value("literal value", entry) := credentials.mask(object.get(entry, "value", ""))

_value(kind, _) := kind if kind != "literal value"

# As with variables, all arguments are looked at as one text first.
_revealing(container) := [{"field": field, "text": argument} |
	some list in ["command", "args"]
	arguments := kubernetes.entries(container.spec, list)
	some index, argument in arguments
	is_string(argument)
	_reveals(arguments, index)
	field := sprintf("%v[%d]", [list, index])
] if {
	every_argument := array.concat(kubernetes.texts(container.spec, "command"), kubernetes.texts(container.spec, "args"))
	credentials.hinted(concat("\n", every_argument))
} else := []

_reveals(arguments, index) if {
	credentials.found(arguments[index])
} else if {
	# --name=value
	parts := split(arguments[index], "=")
	startswith(parts[0], "-")
	credentials.named(parts[0])
	_literal(parts[0], concat("=", array.slice(parts, 1, count(parts))))
} else if {
	# --name value
	name := arguments[index - 1]
	is_string(name)
	startswith(name, "-")
	not contains(name, "=")
	credentials.named(name)
	not startswith(arguments[index], "-")
	_literal(name, arguments[index])
}

_literal(name, text) if {
	text != ""
	not credentials.reference(text)
	not _located(name, text)
}

_located(name, text) if {
	credentials.locates(name)
	_without_password(text)
}

deny contains finding if some finding in observation.failures(observations)
