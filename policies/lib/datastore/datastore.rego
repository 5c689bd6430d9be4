# METADATA
# title: How SpiceDB reaches its datastore
# description: >-
#   The engine, where the datastore's URI comes from, and how the connection's TLS is decided. For the drivers of
#   PostgreSQL by sslmode and sslrootcert in the URI where the rendering shows it, else by PGSSLMODE and PGSSLROOTCERT;
#   for MySQL by tls in the URI alone. Spanner's client always uses TLS, unless it is sent to an emulator.
package lib.datastore

import data.lib.credentials
import data.lib.kubernetes
import data.lib.spicedb
import rego.v1

uri_setting := "SPICEDB_DATASTORE_CONN_URI"

# Each SpiceDB container that keeps its data in a database: {container, engine, uri (its text where the rendering shows it, else
# null), mode, root_certificate}. The last two are {value, field, place}: what decides how the server is verified, and where.
connections := [connection |
	some container in data.lib.spicedb.containers
	engine := spicedb.value(container, "SPICEDB_DATASTORE_ENGINE")
	_persistent(container, engine)
	uri := _uri(container)
	connection := {
		"container": container,
		"engine": engine,
		"uri": uri,
		"mode": _mode(container, engine, uri),
		"root_certificate": _decided(container, uri, "sslrootcert", "PGSSLROOTCERT"),
	}
]

# The engines whose driver reads libpq's sslmode and PGSSL… variables.
speaks_postgres(engine) if engine in {"postgres", "cockroachdb"}

# Where the URI comes from, without a password that it holds: {kind, name, key} or {kind, text}, or {kind, name} for a file.
uri_source(container) := {"kind": "Secret", "name": name, "key": key} if {
	source := spicedb.setting(container, uri_setting)
	name := source.from.secretKeyRef.name
	key := object.get(source.from.secretKeyRef, "key", null)
} else := {"kind": "Secret", "name": references[name].name, "key": references[name].key} if {
	# The whole URI but for what is appended to it.
	text := spicedb.value(container, uri_setting)
	is_string(text)
	found := regex.find_all_string_submatch_n(`^\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)(&[A-Za-z0-9=&]*)?$`, text, 1)
	name := found[0][1]
	references := uri_references(container)
	references[name].name
} else := {"kind": "literal", "text": credentials.safe(text)} if {
	text := spicedb.value(container, uri_setting)
	text != null
} else := {"kind": "file", "name": container.file.volume.secrets[0]} if {
	not container.settings[uri_setting]
	container.file.volume.secret
} else := {"kind": "not visible"} if {
	spicedb.hidden(container, uri_setting)
} else := {"kind": "absent"}

# The Secrets that a URI which is written out refers to, as in $(NAME): {name: {name, key}}.
uri_references(container) := {name: {"name": reference.name, "key": reference.key} |
	text := spicedb.value(container, uri_setting)
	is_string(text)
	some found in regex.find_all_string_submatch_n(`\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)`, text, -1)
	name := found[1]
	source := spicedb.setting(container, name)
	reference := source.from.secretKeyRef
}

# SpiceDB keeps its data in memory where no engine is named.
_persistent(container, engine) if {
	not engine in {null, "", "memory"}
} else if {
	spicedb.hidden(container, "SPICEDB_DATASTORE_ENGINE")
}

_mode(container, "mysql", uri) := {
	"value": _last_parameter(uri, "tls"),
	"field": spicedb.location(container, uri_setting),
	"place": "the URI",
}

_mode(container, "spanner", _) := {
	"value": _emulator(container),
	"field": spicedb.location(container, "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST"),
	"place": "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST",
}

_mode(container, engine, uri) := _decided(container, uri, "sslmode", "PGSSLMODE") if {
	not engine in {"mysql", "spanner"}
}

# MySQL's driver takes the last of several.
_last_parameter(uri, parameter) := found[count(found) - 1][1] if {
	is_string(uri)
	found := regex.find_all_string_submatch_n(sprintf(`[?&]%s=([^&\s]*)`, [parameter]), uri, -1)
	count(found) > 0
} else := null

_emulator(container) := "an address that is not visible" if {
	spicedb.hidden(container, "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST")
} else := host if {
	host := spicedb.value(container, "SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST")
	host != ""
} else := null

_decided(container, uri, parameter, variable) := {"value": value, "field": field, "place": "the URI"} if {
	is_string(uri)
	pattern := sprintf(`(?:^|[?&\s])%s=([^&\s]+)`, [parameter])
	found := regex.find_all_string_submatch_n(pattern, uri, 1)
	value := replace(replace(found[0][1], "%2F", "/"), "%2f", "/")
	field := spicedb.location(container, uri_setting)
} else := {
	"value": spicedb.value(container, variable),
	"field": spicedb.location(container, variable),
	"place": variable,
}

_uri(container) := text if {
	text := container.values[uri_setting]
} else := text if {
	source := spicedb.setting(container, uri_setting)
	reference := source.from.secretKeyRef
	texts := [content |
		some secret in kubernetes.of_kind("v1", "Secret")
		secret.namespace == container.pod.namespace
		secret.name == reference.name
		content := _content(secret.object, reference.key)
	]
	text := texts[0]
} else := null

_content(secret, key) := text if {
	text := secret.stringData[key]
	is_string(text)
} else := base64.decode(text) if {
	text := secret.data[key]
	is_string(text)
	base64.is_valid(text)
}
