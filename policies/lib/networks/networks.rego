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

# The pods that a policy for a direction selects, and what its rules let through for each: {direction: {subject: [rule]}}. A pod
# that is missing here is free to talk in that direction.
governing := {direction: {pod.subject: _of_pod(direction, pod.subject) |
	some policy in policies
	direction in policy.directions
	some pod in policy.pods
} |
	some direction in ["Ingress", "Egress"]
}

# True of a rule that lets a TCP port through; a rule without ports lets all of them.
opens(rule, wanted) if {
	rule.ports == []
} else if {
	some entry in rule.ports
	port := kubernetes.as_map(entry)
	object.get(port, "protocol", "TCP") == "TCP"
	_spans(port, wanted)
}

# True of a rule that has a pod among its peers, where the policy lies in the pod's namespace.
lets(rule, pod) if {
	rule.peers == []
} else if {
	some entry in rule.peers
	peer := kubernetes.as_map(entry)
	not peer.ipBlock
	_own_namespace(peer, pod)
	selectors.matches(object.get(peer, "podSelector", {}), pod.labels)
}

_of_pod(direction, subject) := [rule |
	some rule in rules
	rule.direction == direction
	some pod in rule.policy.pods
	pod.subject == subject
]

_spans(port, wanted) if {
	object.get(port, "port", null) in {null, wanted}
} else if {
	is_number(wanted)
	is_number(port.port)
	is_number(port.endPort)
	wanted >= port.port
	wanted <= port.endPort
}

# By the label that each namespace has; others are not known here.
_own_namespace(peer, pod) if {
	selector := object.get(peer, "namespaceSelector", null)
	selector != null
	selectors.matches(selector, {"kubernetes.io/metadata.name": pod.namespace})
} else if {
	object.get(peer, "namespaceSelector", null) == null
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
