# METADATA
# title: Horizontal and vertical autoscalers follow different resources
# description: >-
#   An autoscaler that adds pods by the share of a request that they use, and one that changes that request, answer to
#   each other instead of to the load. A VerticalPodAutoscaler that does more than say what it finds must not control
#   a resource that a HorizontalPodAutoscaler, or a ScaledObject of KEDA, follows for the same workload.
# custom:
#   severity: medium
#   kinds: [VerticalPodAutoscaler]
#   remediation: >-
#     Set verticalPodAutoscaler.controlledResources to what autoscaling does not follow, or its updateMode to Off.
#   parameters: []
package availability.autoscalers_apart

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(resource, "spec.resourcePolicy", controlled, expected, holds, sentence) if {
	some resource in kubernetes.of_kind("autoscaling.k8s.io", "VerticalPodAutoscaler")
	spec := kubernetes.map(resource.object, "spec")
	controlled := sort(_controlled(spec))
	followed := _followed(resource.namespace, kubernetes.map(spec, "targetRef"))
	expected := sprintf("nothing of %v", [sort(followed)])
	both := {name | some name in controlled; name in followed}
	holds := both == set()
	sentence := sprintf("changes %v, of which a horizontal autoscaler follows %v", [controlled, sort(both)])
}

# What is left out is both, for every container; "*" stands for those without a policy of their own.
_controlled(spec) := set() if {
	object.get(kubernetes.map(spec, "updatePolicy"), "updateMode", "Recreate") == "Off"
} else := {name |
	some entry in policies
	policy := kubernetes.as_map(entry)
	object.get(policy, "mode", "Auto") != "Off"
	some name in _resources(policy)
} if {
	policies := kubernetes.entries(kubernetes.map(spec, "resourcePolicy"), "containerPolicies")
	policies != []
} else := {"cpu", "memory"}

_resources(policy) := kubernetes.texts(policy, "controlledResources") if {
	object.get(policy, "controlledResources", null) != null
} else := ["cpu", "memory"]

_followed(namespace, target) := {name |
	wanted := {
		"group": split(kubernetes.text(target, "apiVersion"), "/")[0],
		"kind": object.get(target, "kind", null),
		"name": object.get(target, "name", null),
	}
	some autoscaler in data.lib.scaling.autoscalers
	autoscaler.namespace == namespace
	autoscaler.target == wanted
	some name in _metrics(kubernetes.map(autoscaler.object, "spec"))
}

_metrics(spec) := {name |
	some entry in kubernetes.entries(spec, "metrics")
	metric := kubernetes.as_map(entry)
	some source in ["resource", "containerResource"]
	name := kubernetes.text(kubernetes.map(metric, source), "name")
	name != ""
} | {name |
	some entry in kubernetes.entries(spec, "triggers")
	name := kubernetes.text(kubernetes.as_map(entry), "type")
	name in {"cpu", "memory"}
}

deny contains finding if some finding in observation.failures(observations)
