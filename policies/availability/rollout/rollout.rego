# METADATA
# title: A rollout drops no requests
# description: >-
#   SpiceDB closes its listeners at once when it is told to stop. So no pod of a Deployment may go before its
#   successor is ready, a StatefulSet, which takes pods away first, must leave one that serves, a preStop hook must
#   hold the pod back until clients have turned away (40 seconds for peers that know it by DNS, where they look every
#   30), and Kubernetes must wait for preStop, twice SpiceDB's shutdown grace period (gRPC, then dispatch) and 5
#   seconds more before it kills.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.shutdown.preStopSeconds to 1 or more, or 40 with config.dispatch.discovery dns; the chart computes terminationGracePeriodSeconds from it
#     and from config.shutdown.gracePeriodSeconds. With deployment.kind StatefulSet, run two pods or more.
#   parameters: []
package availability.rollout

import data.lib.kubernetes
import data.lib.observation
import data.lib.quantities
import data.lib.scaling
import data.lib.spicedb
import rego.v1

observations contains observation.of(pod.resource, "spec.strategy.rollingUpdate.maxUnavailable", value, 0, holds) if {
	some pod in data.lib.spicedb.server_pods
	pod.kind == "Deployment"
	strategy := kubernetes.map(kubernetes.map(pod.resource.object, "spec"), "strategy")
	value := object.get(strategy, ["rollingUpdate", "maxUnavailable"], null)
	holds := _replaces_first(strategy, object.get(strategy, ["rollingUpdate", "maxUnavailable"], "25%"), scaling.most(pod.resource))
}

observations contains observation.saying(pod.resource, field, value, expected, holds, sentence) if {
	some pod in data.lib.spicedb.server_pods
	pod.kind == "StatefulSet"
	field := "spec.updateStrategy.rollingUpdate.maxUnavailable"
	expected := "less than the number of pods"
	strategy := kubernetes.map(kubernetes.map(pod.resource.object, "spec"), "updateStrategy")
	value := object.get(strategy, ["rollingUpdate", "maxUnavailable"], null)
	away := object.get(strategy, ["rollingUpdate", "maxUnavailable"], 1)
	least := scaling.least(pod.resource)
	holds := _leaves_some(strategy, away, least)
	sentence := sprintf("has at least %d pods, of which a rollout takes %v away at once", [least, observation.shown(away)])
}

observations contains observation.saying(server, "lifecycle.preStop", seconds, expected, holds, sentence) if {
	some server in data.lib.spicedb.servers
	seconds := _pre_stop(server)
	by_name := _known_by_name(server)
	expected := {true: "a wait of 40 seconds or more", false: "a wait of a second or more"}[by_name]
	holds := _waits(by_name, seconds)
	sentence := sprintf("waits %v seconds before it is told to stop", [seconds])
}

observations contains observation.saying(server.pod, "terminationGracePeriodSeconds", value, needed, holds, sentence) if {
	some server in data.lib.spicedb.servers
	value := object.get(server.pod.spec, "terminationGracePeriodSeconds", null)
	needed := _needed(server)
	given := _given(value)
	holds := _long_enough(given, needed)
	sentence := sprintf("gives its containers %v seconds to stop", [observation.shown(given)])
}

default _replaces_first(_, _, _) := false

# Kubernetes rounds a share down, and takes a quarter where nothing is said.
_replaces_first(strategy, value, most) if {
	object.get(strategy, "type", "RollingUpdate") == "RollingUpdate"
	_away(value, most) == 0
}

_away(value, _) := value if is_number(value)

_away(value, most) := floor((quantities.share(value) * most) / 100) if is_string(value)

default _leaves_some(_, _, _) := false

_leaves_some(strategy, away, least) if {
	object.get(strategy, "type", "RollingUpdate") == "RollingUpdate"
	is_number(away)
	away < least
}

# Kubernetes rounds down, and takes one at least.
_leaves_some(strategy, away, least) if {
	object.get(strategy, "type", "RollingUpdate") == "RollingUpdate"
	is_string(away)
	quantities.share(away) < 100
	least > 1
}

# An upstream address that gRPC looks up by DNS.
_known_by_name(server) if {
	address := spicedb.value(server, "SPICEDB_DISPATCH_UPSTREAM_ADDR")
	is_string(address)
	address != ""
	not startswith(address, "kubernetes:")
} else := false

default _waits(_, _) := false

_waits(true, seconds) if seconds >= 40

_waits(false, seconds) if seconds > 0

# The image has no shell: besides sleep only grpc_health_probe can wait, for its connection timeout.
_pre_stop(server) := seconds if {
	seconds := server.spec.lifecycle.preStop.sleep.seconds
	is_number(seconds)
} else := seconds if {
	command := kubernetes.texts(object.get(server.spec, ["lifecycle", "preStop", "exec"], null), "command")
	regex.match(`(^|/)grpc_health_probe$`, command[0])
	some word in command
	startswith(word, "-connect-timeout=")
	seconds := quantities.seconds(trim_prefix(word, "-connect-timeout="))
} else := 0

_needed(server) := (_pre_stop(server) + (2 * grace)) + 5 if {
	grace := _grace(server)
	grace > 0
}

else := "a finite SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD"

# What does not parse is zero to SpiceDB, and zero means to wait for ever.
_grace(server) := 5 if {
	not spicedb.setting(server, "SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD")
	not spicedb.hidden(server, "SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD")
} else := quantities.seconds(spicedb.value(server, "SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD"))

# Kubernetes' default.
_given(null) := 30

_given(value) := value if value != null

default _long_enough(_, _) := false

_long_enough(value, needed) if {
	is_number(value)
	value >= needed
}

deny contains finding if some finding in observation.failures(observations)
