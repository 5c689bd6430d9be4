# METADATA
# title: Numbers of pods
# description: >-
#   How many pods a workload runs, and what decides that: an autoscaler that names it (a HorizontalPodAutoscaler or a
#   ScaledObject of KEDA), or its own spec.replicas. Each autoscaler is its resource with `target` ({group, kind,
#   name}), `field` (where its smallest number is) and `least` and `most` (null where left out).
package lib.scaling

import data.lib.kubernetes
import rego.v1

autoscalers := array.concat(_horizontal, _scaled_objects)

# The autoscalers that name a workload.
owners(resource) := [autoscaler |
	some autoscaler in autoscalers
	autoscaler.namespace == resource.namespace
	autoscaler.target == {"group": resource.group, "kind": resource.kind, "name": resource.name}
]

# Where the smallest number of a workload's pods is decided, each with `target`, `field` and `value` (null where left out).
minimums(resource) := [decider |
	some autoscaler in owners(resource)
	decider := {"target": autoscaler, "field": autoscaler.field, "value": autoscaler.least}
] if {
	found := owners(resource)
	found != []
} else := [{"target": resource, "field": "spec.replicas", "value": own_replicas(resource)}]

# A workload's own spec.replicas, null where it is left out.
own_replicas(resource) := object.get(resource.object, ["spec", "replicas"], null)

# The smallest number of a workload's pods; what cannot be read is 1, as for Kubernetes what is left out.
least(resource) := min([_number(decider.value) | some decider in minimums(resource)])

# The largest; an autoscaler that names none counts as what its own minimum says.
most(resource) := max([_number(autoscaler.most) | some autoscaler in found]) if {
	found := owners(resource)
	found != []
} else := _number(own_replicas(resource))

_number(value) := value if {
	is_number(value)
} else := 1

_horizontal := [autoscaler |
	some resource in kubernetes.of_kind("autoscaling", "HorizontalPodAutoscaler")
	spec := kubernetes.map(resource.object, "spec")
	target := kubernetes.map(spec, "scaleTargetRef")
	autoscaler := object.union(resource, {
		"target": {
			"group": split(kubernetes.text(target, "apiVersion"), "/")[0],
			"kind": object.get(target, "kind", null),
			"name": object.get(target, "name", null),
		},
		"field": "spec.minReplicas",
		"least": object.get(spec, "minReplicas", null),
		"most": object.get(spec, "maxReplicas", null),
	})
]

# KEDA scales Deployments unless told otherwise, and down to nothing where no smallest number is given.
_scaled_objects := [autoscaler |
	some resource in kubernetes.of_kind("keda.sh", "ScaledObject")
	spec := kubernetes.map(resource.object, "spec")
	target := object.union({"apiVersion": "apps/v1", "kind": "Deployment"}, kubernetes.map(spec, "scaleTargetRef"))
	autoscaler := object.union(resource, {
		"target": {
			"group": split(kubernetes.text(target, "apiVersion"), "/")[0],
			"kind": target.kind,
			"name": object.get(target, "name", null),
		},
		"field": "spec.minReplicaCount",
		"least": object.get(spec, "minReplicaCount", 0),
		"most": object.get(spec, "maxReplicaCount", 100),
	})
]
