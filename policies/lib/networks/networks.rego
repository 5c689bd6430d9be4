# METADATA
# title: NetworkPolicies
# description: >-
#   Kubernetes' NetworkPolicies with what they mean: the directions they govern, the pods they select and their
#   rules. Other projects' kinds of the same name do not count.
package lib.networks

import data.lib.kubernetes
import data.lib.selectors
import rego.v1

# Each policy is a target with `directions` (Ingress, Egress), the `pods` it selects and its `object`.
policies := [policy |
	some resource in kubernetes.of_kind("networking.k8s.io", "NetworkPolicy")
	spec := kubernetes.map(resource.object, "spec")
	selector := object.get(spec, "podSelector", {})
	policy := object.union(resource, {
		"spec": spec,
		"directions": _directions(spec),
		"pods": [pod |
			some pod in data.lib.kubernetes.pods
			pod.namespace == resource.namespace
			selectors.matches(selector, pod.labels)
		],
	})
]

# The rules of a policy in the directions it governs: {target, direction, rule, peers, ports}.
rules := [rule |
	some policy in policies
	some direction in policy.directions
	some index, entry in kubernetes.entries(policy.spec, fields[direction].rules)
	spec := kubernetes.as_map(entry)
	rule := {
		"policy": policy,
		"direction": direction,
		"field": sprintf("spec.%v[%d]", [fields[direction].rules, index]),
		"peers_field": fields[direction].peers,
		"peers": kubernetes.entries(spec, fields[direction].peers),
		"ports": kubernetes.entries(spec, "ports"),
	}
]

fields := {
	"Ingress": {"rules": "ingress", "peers": "from"},
	"Egress": {"rules": "egress", "peers": "to"},
}

# Without policyTypes Kubernetes assumes Ingress, and Egress only where there is an egress rule.
_directions(spec) := [direction |
	some direction in ["Ingress", "Egress"]
	direction in kubernetes.entries(spec, "policyTypes")
] if {
	count(kubernetes.entries(spec, "policyTypes")) > 0
}

else := ["Ingress", "Egress"] if count(kubernetes.entries(spec, "egress")) > 0

else := ["Ingress"]
