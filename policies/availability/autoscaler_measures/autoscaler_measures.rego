# METADATA
# title: Autoscalers can measure what they follow
# description: >-
#   The use of a resource is a share of what is requested. An autoscaler that follows it scales nothing where a container
#   of its pods requests none: it says so in its status, and nowhere else. Every container of the pods that a
#   HorizontalPodAutoscaler or a ScaledObject of KEDA scales must request what the autoscaler follows; a limit alone
#   counts, as Kubernetes takes it for the request. An autoscaler without metrics follows CPU.
# custom:
#   severity: medium
#   kinds: [HorizontalPodAutoscaler, ScaledObject]
#   remediation: >-
#     Set resources.requests for what autoscaling follows, in each container of extraContainers too.
#   parameters: []
package availability.autoscaler_measures

import data.lib.kubernetes
import data.lib.observation
import data.lib.quantities
import rego.v1

observations contains observation.saying(autoscaler, "spec.scaleTargetRef", lacking, [], lacking == [], sentence) if {
	some autoscaler in data.lib.scaling.autoscalers
	some pod in data.lib.kubernetes.pods
	pod.namespace == autoscaler.namespace
	{"group": pod.resource.group, "kind": pod.kind, "name": pod.name} == autoscaler.target
	some followed in _followed(autoscaler)
	lacking := [object.get(kubernetes.as_map(container), "name", "") |
		some container in kubernetes.entries(pod.spec, "containers")
		_meant(followed.container, container)
		not _requests(container, followed.resource)
	]
	sentence := sprintf("follows %v, which %d containers do not request", [followed.resource, count(lacking)])
}

# What is followed as a share of requests: {resource, container ("" for all)}.
_followed(autoscaler) := {{"resource": "cpu", "container": ""}} if {
	autoscaler.kind == "HorizontalPodAutoscaler"
	kubernetes.entries(kubernetes.map(autoscaler.object, "spec"), "metrics") == []
} else := _shares(autoscaler) | _triggers(autoscaler)

_shares(autoscaler) := {followed |
	some entry in kubernetes.entries(kubernetes.map(autoscaler.object, "spec"), "metrics")
	some source in ["resource", "containerResource"]
	settings := kubernetes.map(kubernetes.as_map(entry), source)
	object.get(settings, ["target", "type"], null) == "Utilization"
	followed := {"resource": kubernetes.text(settings, "name"), "container": kubernetes.text(settings, "container")}
}

_triggers(autoscaler) := {followed |
	some entry in kubernetes.entries(kubernetes.map(autoscaler.object, "spec"), "triggers")
	trigger := kubernetes.as_map(entry)
	trigger.type in {"cpu", "memory"}
	object.get(trigger, "metricType", "Utilization") == "Utilization"
	followed := {"resource": trigger.type, "container": kubernetes.text(kubernetes.map(trigger, "metadata"), "containerName")}
}

_meant("", _) := true

_meant(name, container) if name == container.name

_requests(container, resource) if {
	some field in ["requests", "limits"]
	resources := kubernetes.map(kubernetes.as_map(container), "resources")
	quantities.positive(object.get(resources, [field, resource], null))
}

deny contains finding if some finding in observation.failures(observations)
