# METADATA
# title: Drains take one SpiceDB pod at a time, and can take one
# description: >-
#   Without a PodDisruptionBudget a drain may take all pods at once; with one that allows no eviction, or two
#   for the same pod, no node can be drained. Each server with several replicas must be selected by exactly one
#   budget, each budget must allow an eviction, and none may select the pods of a Job. What an autoscaler may do
#   counts: its maximum needs a budget, its minimum must leave room. Kubernetes rounds the share of minAvailable up.
# custom:
#   severity: medium
#   kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController, PodDisruptionBudget, HorizontalPodAutoscaler, ScaledObject]
#   remediation: Leave podDisruptionBudget.enabled true and podDisruptionBudget.maxUnavailable at 1 or more.
#   parameters: []
package availability.disruption_budget

import data.lib.kubernetes
import data.lib.observation
import data.lib.quantities
import data.lib.scaling
import data.lib.selectors
import rego.v1

observations contains observation.saying(pod.resource, "spec.replicas", names, expected, holds, sentence) if {
	some pod in data.lib.spicedb.replicated_pods
	expected := "exactly one PodDisruptionBudget"
	most := scaling.most(pod.resource)
	most > 1
	names := [budget.name | some budget in _budgets; _selects(budget, pod)]
	holds := count(names) == 1
	sentence := sprintf("has up to %d replicas and is selected by %d PodDisruptionBudgets", [most, count(names)])
}

observations contains observation.saying(budget, "spec", limits, "a limit that allows an eviction", holds, sentence) if {
	some budget in _budgets
	limits := object.filter(budget.spec, ["maxUnavailable", "minAvailable"])
	holds := _allows_eviction(budget)
	sentence := sprintf("%v an eviction", [_allows[holds]])
}

observations contains observation.saying(budget, "spec.selector", jobs, "no pods of a Job", jobs == [], sentence) if {
	some budget in _budgets
	jobs := [pod.name |
		some pod in data.lib.kubernetes.pods
		pod.kind in {"Job", "CronJob"}
		_selects(budget, pod)
	]
	sentence := sprintf("selects the pods of %d Jobs", [count(jobs)])
}

_budgets := [budget |
	some resource in kubernetes.of_kind("policy", "PodDisruptionBudget")
	budget := object.union(resource, {"spec": kubernetes.map(resource.object, "spec")})
]

_selects(budget, pod) if {
	budget.namespace == pod.namespace
	selectors.matches(object.get(budget.spec, "selector", null), pod.labels)
}

default _allows_eviction(_) := false

_allows_eviction(budget) if quantities.share(budget.spec.maxUnavailable) > 0

_allows_eviction(budget) if {
	object.get(budget.spec, "maxUnavailable", null) == null
	is_string(budget.spec.minAvailable)
	quantities.share(budget.spec.minAvailable) < 100
	every pod in data.lib.spicedb.replicated_pods {
		_leaves_room(budget, pod)
	}
}

_allows_eviction(budget) if {
	object.get(budget.spec, "maxUnavailable", null) == null
	is_number(budget.spec.minAvailable)
	every pod in data.lib.spicedb.replicated_pods {
		_leaves_room(budget, pod)
	}
}

_leaves_room(budget, pod) if not _selects(budget, pod)

_leaves_room(budget, pod) if {
	least := scaling.least(pod.resource)
	_kept(budget.spec.minAvailable, least) < least
}

_kept(number, _) := number if is_number(number)

# Kubernetes rounds a share up.
_kept(share, pods) := ceil((pods * quantities.share(share)) / 100) if is_string(share)

_allows := {true: "allows", false: "never allows"}

deny contains finding if some finding in observation.failures(observations)
