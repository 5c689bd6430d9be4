# METADATA
# title: A pod that never gets ready does not hold up a drain
# description: >-
#   By default a PodDisruptionBudget also guards pods that are not ready: one that crashes for want of a Secret keeps its
#   node from being drained for ever, and with it every upgrade of the nodes. The budget must let such pods go.
# custom:
#   severity: low
#   kinds: [PodDisruptionBudget]
#   remediation: Set unhealthyPodEvictionPolicy to AlwaysAllow. The chart always does.
#   parameters: []
package availability.unhealthy_evicted

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(budget, "spec.unhealthyPodEvictionPolicy", policy, "AlwaysAllow", policy == "AlwaysAllow") if {
	some budget in kubernetes.of_kind("policy", "PodDisruptionBudget")
	policy := object.get(kubernetes.map(budget.object, "spec"), "unhealthyPodEvictionPolicy", null)
}

warn contains finding if some finding in observation.failures(observations)
