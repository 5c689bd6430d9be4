# METADATA
# title: Only the pod that asks Kubernetes' API holds a token for it
# description: >-
#   SpiceDB speaks to Kubernetes' API only to find its peers for dispatch (an upstream address kubernetes:///…).
#   Any other pod with a token hands whoever breaks in an identity in the cluster. Neither Kubernetes' own mount
#   nor a projected volume may put one elsewhere.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set automountServiceAccountToken to false on the pod and mount a token only into the container that
#     dispatches. The chart does so.
#   parameters: []
package identity.service_account_token

import data.lib.accounts
import data.lib.discovery
import data.lib.observation
import rego.v1

observations contains observation.saying(pod, "automountServiceAccountToken", automounts, expected, holds, sentence) if {
	some pod in data.lib.kubernetes.pods
	automounts := accounts.automounts(pod)
	expected := _expected(pod)
	holds := _needed_or_absent(pod, automounts)
	sentence := sprintf("%v a token by itself, and %v", [_mounts[automounts], _discovers[discovery.by_pod(pod)]])
}

observations contains observation.saying(mount.container, mount.field, mount.volume.name, _user, holds, sentence) if {
	some mount in data.lib.mounts.mounted
	mount.volume.tokens != []
	holds := discovery.by_container(mount.container)
	sentence := sprintf("has a token in its volume \"%v\", and %v", [mount.volume.name, _discovers[holds]])
}

_user := "a container that finds its peers by Kubernetes' API"

_expected(pod) := "true or false, as a container finds its peers by Kubernetes' API" if discovery.by_pod(pod)

else := false

default _needed_or_absent(_, _) := false

_needed_or_absent(_, false) := true

_needed_or_absent(pod, true) if discovery.by_pod(pod)

_mounts := {true: "mounts", false: "does not mount"}

_discovers := {true: "finds its peers by Kubernetes' API", false: "is no SpiceDB that finds its peers by Kubernetes' API"}

deny contains finding if some finding in observation.failures(observations)
