# METADATA
# title: SpiceDB's pods are spread over hosts and zones
# description: >-
#   Replicas on one host or in one zone fall together. The pods of each server must have a topology spread
#   constraint for hosts and one for zones, whose selector matches them and whose maxSkew is less than their
#   number.
# custom:
#   severity: low
#   kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController]
#   remediation: Set topologySpread.host and topologySpread.zone to ScheduleAnyway or DoNotSchedule.
#   parameters: []
package availability.topology_spread

import data.lib.kubernetes
import data.lib.observation
import data.lib.scaling
import data.lib.selectors
import rego.v1

observations contains observation.saying(pod, "topologySpreadConstraints", rules, expected, holds, sentence) if {
	some pod in data.lib.spicedb.replicated_pods
	expected := "a constraint that selects the pod"
	some key in ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
	rules := [object.get(constraint, "whenUnsatisfiable", null) |
		some constraint in kubernetes.entries(pod.spec, "topologySpreadConstraints")
		constraint.topologyKey == key
		selectors.matches(object.get(constraint, "labelSelector", null), pod.labels)
		_bounds(constraint, scaling.most(pod.resource))
	]
	holds := count(rules) > 0
	sentence := sprintf("is spread over %v by %d constraints", [key, count(rules)])
}

# A difference as large as the number of pods is none.
_bounds(constraint, most) if object.get(constraint, "maxSkew", 1) < max([most, 2])

warn contains finding if some finding in observation.failures(observations)
