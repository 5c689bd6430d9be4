# METADATA
# title: Every pod is governed by NetworkPolicies
# description: >-
#   A pod that no NetworkPolicy selects may talk to everything and be reached by everything. Each pod template,
#   the migration Job's too, must be selected in its own namespace by a policy for Ingress and by one for
#   Egress. Selectors are evaluated, so that a policy which selects nothing does not count.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Leave networkPolicy.enabled true; a pod of your own needs a NetworkPolicy that selects its labels.
#   parameters: []
package network.pods_selected

import data.lib.observation
import rego.v1

observations contains seen if {
	some pod in data.lib.kubernetes.pods
	some direction in ["Ingress", "Egress"]
	names := _selecting(pod, direction)
	expected := sprintf("a NetworkPolicy for %v that selects the pod", [direction])
	sentence := sprintf("is selected for %v by %d NetworkPolicies", [direction, count(names)])
	seen := observation.saying(pod.metadata, "labels", names, expected, names != [], sentence)
}

_selecting(pod, direction) := sort([policy.name |
	some policy in data.lib.networks.policies
	direction in policy.directions
	some selected in policy.pods
	selected.subject == pod.subject
])

deny contains finding if some finding in observation.failures(observations)
