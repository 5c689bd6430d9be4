# METADATA
# title: What is pulled is what is meant
# description: >-
#   With the pull policy Never a node runs whatever image of that name lies on it, whoever put it there. A tag that moves
#   (none, latest, or one without a whole version) must be pulled each time, or nodes run different programs under one
#   name. An image with a digest or a whole version may stay on the node.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set image.pullPolicy to IfNotPresent with a digest or a whole version, else to Always.
#   parameters: []
package supply_chain.pull_policy

import data.lib.observation
import rego.v1

observations contains observation.saying(used.container, "imagePullPolicy", policy, expected, holds, sentence) if {
	some used in data.lib.images.used
	policy := object.get(used.container.spec, "imagePullPolicy", null)
	fixed := _fixed(used)
	expected := {true: "IfNotPresent or Always", false: "Always"}[fixed]
	holds := _effective(policy, used) in _allowed[fixed]
	sentence := sprintf("has %v pulled by %v", [
		{true: "an image that stays the same", false: "an image that may change"}[fixed],
		observation.shown(_effective(policy, used)),
	])
}

_allowed := {true: {"IfNotPresent", "Always"}, false: {"Always"}}

_fixed(used) if {
	used.pinned
} else if {
	regex.match(`^v?[0-9]+\.[0-9]+\.[0-9]+`, used.tag)
} else := false

# Where it is left out, Kubernetes pulls latest always and other tags once.
_effective(null, used) := "Always" if {
	used.tag in {"", "latest"}
	not used.pinned
} else := "IfNotPresent"

_effective(policy, _) := policy if policy != null

deny contains finding if some finding in observation.failures(observations)
