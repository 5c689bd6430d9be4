# METADATA
# title: Probes speak the protocol of the listener
# description: >-
#   grpc_health_probe needs -tls exactly when the gRPC API has TLS, Kubernetes' own grpc probe cannot speak TLS
#   at all, and an HTTP probe needs scheme HTTPS exactly when its listener has TLS. A probe that does not match
#   kills or starves healthy pods.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Probe with grpc_health_probe and add -tls -tls-no-verify exactly when gRPC has TLS. The chart does so.
#   parameters: []
package transport.probe_matches_tls

import data.lib.kubernetes
import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(server, field, seen.tls, expected, seen.tls == expected, sentence) if {
	some server in data.lib.spicedb.servers
	some probe in ["startupProbe", "readinessProbe", "livenessProbe"]
	seen := _seen(object.get(server.spec, probe, null))
	field := concat(".", [probe, seen.field])
	expected := tls.on(server, seen.listener)
	sentence := sprintf("probes the %v listener %v TLS; the listener has %v", [
		seen.listener,
		_with[seen.tls],
		_some[expected],
	])
}

# A probe that asks nobody known cannot be judged, and so does not hold. Whether it asks at all is the question of
# availability.probes.
observations contains observation.saying(server, probe, null, "a probe of a listener", false, sentence) if {
	some server in data.lib.spicedb.servers
	some probe in ["startupProbe", "readinessProbe", "livenessProbe"]
	settings := object.get(server.spec, probe, null)
	_asks(settings)
	not _seen(settings)
	sentence := sprintf("has a %v that asks no listener of SpiceDB", [probe])
}

observations contains observation.saying(server, field, null, "a probe of a listener, or of an open port", true, sentence) if {
	some server in data.lib.spicedb.servers
	some probe in ["startupProbe", "readinessProbe", "livenessProbe"]
	_opens(object.get(server.spec, probe, null))
	field := concat(".", [probe, "tcpSocket"])
	sentence := "probes whether a port is open, which needs no TLS"
}

_asks(probe) if {
	some handler in ["exec", "grpc", "httpGet"]
	probe[handler] != null
}

_opens(probe) if is_object(probe.tcpSocket)

# What a probe asks: {field, tls, listener}; undefined for a probe that asks no listener, and for none.
_seen(probe) := {"field": "exec.command", "tls": _asks_tls(command), "listener": "grpc"} if {
	command := kubernetes.texts(kubernetes.map(probe, "exec"), "command")
	regex.match(`(^|/)grpc_health_probe$`, command[0])
} else := {"field": "grpc", "tls": false, "listener": "grpc"} if {
	is_object(probe.grpc)
} else := {"field": "httpGet.scheme", "tls": scheme == "HTTPS", "listener": listener} if {
	is_object(probe.httpGet)
	scheme := object.get(probe.httpGet, "scheme", "HTTP")
	listener := _listener(object.get(probe.httpGet, "port", null))
}

default _asks_tls(_) := false

_asks_tls(command) if {
	some word in command
	word in {"-tls", "--tls", "-tls=true", "--tls=true"}
}

_listener(port) := port if {
	data.lib.tls.listeners[port]
} else := name if {
	some name, properties in data.lib.tls.listeners
	properties.port == port
}

_with := {true: "with", false: "without"}

_some := {true: "TLS", false: "none"}

deny contains finding if some finding in observation.failures(observations)
