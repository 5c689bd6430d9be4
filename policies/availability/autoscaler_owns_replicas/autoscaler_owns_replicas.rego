# METADATA
# title: One master sets the number of pods
# description: >-
#   A workload that names a number of pods and an autoscaler that sets it undo each other: every upgrade resets what
#   the autoscaler did, which stops pods under load. The number of SpiceDB's pods must be set by spec.replicas or by one
#   autoscaler, and each autoscaler must name a workload of the rendering, or it scales nothing.
# custom:
#   severity: medium
#   kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController, HorizontalPodAutoscaler, ScaledObject]
#   remediation: >-
#     Leave spec.replicas out of what an autoscaler scales, and give it one autoscaler. The chart does both with
#     autoscaling.enabled.
#   parameters: []
package availability.autoscaler_owns_replicas

import data.lib.observation
import data.lib.scaling
import rego.v1

observations contains observation.saying(pod.resource, "spec.replicas", masters, "one master", holds, sentence) if {
	some pod in data.lib.spicedb.replicated_pods
	owners := [concat("/", [owner.kind, owner.name]) | some owner in scaling.owners(pod.resource)]
	masters := array.concat(["spec.replicas" | scaling.own_replicas(pod.resource) != null], owners)
	holds := count(masters) < 2
	sentence := sprintf("has its number of pods set by %v", [_named(masters)])
}

observations contains observation.saying(autoscaler, "spec.scaleTargetRef", autoscaler.target, expected, holds, sentence) if {
	some autoscaler in data.lib.scaling.autoscalers
	expected := "a workload of the same namespace"
	names := [resource.name |
		some resource in data.lib.kubernetes.resources
		resource.namespace == autoscaler.namespace
		{"group": resource.group, "kind": resource.kind, "name": resource.name} == autoscaler.target
	]
	holds := names != []
	sentence := sprintf("scales %d workloads of the rendering", [count(names)])
}

_named(masters) := concat(" and ", masters) if {
	masters != []
} else := "nothing, which means one"

deny contains finding if some finding in observation.failures(observations)
