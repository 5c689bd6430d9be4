# METADATA
# title: SpiceDB runs in at least two pods
# description: >-
#   With one pod every node failure, drain and eviction is an outage of every permission check. Kubernetes runs
#   one where the number is left out.
# custom:
#   severity: medium
#   kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController]
#   remediation: Set config.replicas to 2 or more, with an engine other than memory.
#   parameters: []
package availability.replicas

import data.lib.observation
import rego.v1

observations contains observation.of(pod.resource, "spec.replicas", value, "2 or more", holds) if {
	some pod in data.lib.spicedb.replicated_pods
	value := object.get(pod.resource.object, ["spec", "replicas"], null)
	holds := _several(value)
}

default _several(_) := false

_several(replicas) if {
	is_number(replicas)
	replicas >= 2
}

deny contains finding if some finding in observation.failures(observations)
