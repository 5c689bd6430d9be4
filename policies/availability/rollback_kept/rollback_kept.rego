# METADATA
# title: There is something to roll back to
# description: >-
#   With a revisionHistoryLimit of 0 Kubernetes forgets each revision as soon as it is replaced, and a bad rollout cannot
#   be undone by it. Left out it keeps ten.
# custom:
#   severity: low
#   kinds: [Deployment, StatefulSet, DaemonSet]
#   remediation: Set deployment.revisionHistoryLimit to 1 or more.
#   parameters: []
package availability.rollback_kept

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(workload, "spec.revisionHistoryLimit", value, "1 or more", holds, sentence) if {
	some kind in ["Deployment", "StatefulSet", "DaemonSet"]
	some workload in kubernetes.of_kind("apps", kind)
	value := object.get(kubernetes.map(workload.object, "spec"), "revisionHistoryLimit", null)
	holds := _keeps(value)
	sentence := sprintf("keeps %v revisions", [{true: "Kubernetes' ten", false: observation.shown(value)}[value == null]])
}

default _keeps(_) := false

_keeps(null) := true

_keeps(limit) if {
	is_number(limit)
	limit >= 1
}

warn contains finding if some finding in observation.failures(observations)
