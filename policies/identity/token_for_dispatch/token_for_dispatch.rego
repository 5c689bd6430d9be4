# METADATA
# title: A pod that dispatches may find its peers, and no more
# description: >-
#   To find its peers SpiceDB needs a token and the right to watch the Endpoints of its own Service. Without
#   either every dispatched check hangs or fails while all pods stay ready; with rights on other Endpoints the
#   token says more than it must. A pod that finds its peers by DNS needs neither and is not looked at.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Mount a token into the container and bind its ServiceAccount to a Role for watch on endpoints with the
#     Service in resourceNames. The chart does both when config.dispatch.enabled is true.
#   parameters: []
package identity.token_for_dispatch

import data.lib.accounts
import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(server, "volumeMounts", files, ["token"], holds, sentence) if {
	some dispatcher in data.lib.discovery.dispatchers
	server := dispatcher.server
	files := _token_files(server)
	holds := "token" in files
	sentence := sprintf("finds %d tokens in %v", [count(files), data.lib.accounts.token_directory])
}

observations contains observation.saying(server.pod, "serviceAccountName", names, [[dispatcher.service]], holds, sentence) if {
	some dispatcher in data.lib.discovery.dispatchers
	server := dispatcher.server
	names := _watched(server.pod, dispatcher.namespace)
	holds := _only(names, dispatcher.service)
	sentence := sprintf("may watch endpoints by %d rules bound to the ServiceAccount \"%v\", %v", [
		count(names),
		accounts.name(server.pod),
		_found[holds],
	])
}

_found := {true: "each for its own Service only", false: "which is not its own Service alone"}

_token_files(server) := ["token"] if {
	accounts.automounts(server.pod)
} else := [file |
	some mount in accounts.token_mounts(server)
	mount.directory == data.lib.accounts.token_directory
	some file in mount.volume.tokens
]

# The resourceNames of each rule by which the pod may watch Endpoints; none at all means every Endpoints object.
_watched(pod, namespace) := [names |
	some rule in accounts.granted(pod, namespace)
	_covers(rule.rule, "apiGroups", "")
	_covers(rule.rule, "resources", "endpoints")
	_covers(rule.rule, "verbs", "watch")
	names := kubernetes.entries(rule.rule, "resourceNames")
]

_covers(rule, field, wanted) if {
	some entry in kubernetes.entries(rule, field)
	entry in ["*", wanted]
}

default _only(_, _) := false

_only(names, service) if {
	count(names) > 0
	every listed in names {
		listed == [service]
	}
}

deny contains finding if some finding in observation.failures(observations)
