# METADATA
# title: SpiceDB runs in at least two pods
# description: >-
#   With one pod every node failure, drain and eviction is an outage of every permission check. Kubernetes runs
#   one where the number is left out. Where an autoscaler sets the number, its minimum counts.
# custom:
#   severity: medium
#   kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController, HorizontalPodAutoscaler, ScaledObject]
#   remediation: Set config.replicas, or autoscaling.minReplicas, to 2 or more, with an engine other than memory.
#   parameters: []
package availability.replicas

import data.lib.observation
import data.lib.scaling
import rego.v1

observations contains observation.of(minimum.target, minimum.field, minimum.value, "2 or more", holds) if {
	some pod in data.lib.spicedb.replicated_pods
	some minimum in scaling.minimums(pod.resource)
	holds := _several(minimum.value)
}

default _several(_) := false

_several(replicas) if {
	is_number(replicas)
	replicas >= 2
}

deny contains finding if some finding in observation.failures(observations)
