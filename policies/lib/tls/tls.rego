# METADATA
# title: TLS of SpiceDB's listeners
# description: >-
#   SpiceDB has four listeners, each with its own switch, certificate and key. A listener speaks TLS only if
#   both are given. gRPC and metrics listen unless switched off, HTTP and dispatch only if switched on.
package lib.tls

import data.lib.spicedb
import rego.v1

listeners := {
	"grpc": {
		"switch": "SPICEDB_GRPC_ENABLED",
		"otherwise": true,
		"files": ["SPICEDB_GRPC_TLS_CERT_PATH", "SPICEDB_GRPC_TLS_KEY_PATH"],
		"port": 50051,
	},
	"http": {
		"switch": "SPICEDB_HTTP_ENABLED",
		"otherwise": false,
		"files": ["SPICEDB_HTTP_TLS_CERT_PATH", "SPICEDB_HTTP_TLS_KEY_PATH"],
		"port": 8443,
	},
	"metrics": {
		"switch": "SPICEDB_METRICS_ENABLED",
		"otherwise": true,
		"files": ["SPICEDB_METRICS_TLS_CERT_PATH", "SPICEDB_METRICS_TLS_KEY_PATH"],
		"port": 9090,
	},
	"dispatch": {
		"switch": "SPICEDB_DISPATCH_CLUSTER_ENABLED",
		"otherwise": false,
		"files": ["SPICEDB_DISPATCH_CLUSTER_TLS_CERT_PATH", "SPICEDB_DISPATCH_CLUSTER_TLS_KEY_PATH"],
		"port": 50053,
	},
}

listens(server, listener) if {
	properties := listeners[listener]
	spicedb.switched_on(server, properties.switch, properties.otherwise)
}

on(server, listener) if {
	every name in listeners[listener].files {
		given(server, name)
	}
} else := false

# True of a setting with a visible, non-empty value.
given(server, name) if {
	is_string(server.values[name])
	server.values[name] != ""
} else := false

# One observation for the certificate and one for the key of each server that has the listener. The files are looked up outside
# the comprehension: inside, OPA takes `listener` for something to iterate over and loses servers.
observations(listener) := seen if {
	files := listeners[listener].files
	seen := [observed |
		some server in data.lib.spicedb.servers
		listens(server, listener)
		some name in files
		observed := spicedb.observed(server, name, "the path of a mounted file", given(server, name))
	]
}
