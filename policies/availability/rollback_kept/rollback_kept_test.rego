package availability.rollback_kept_test

import data.availability.rollback_kept.observations
import data.availability.rollback_kept.warn
import data.lib.testing
import rego.v1

workload(kind, limit) := testing.object_of("apps/v1", kind, "app", {"spec": {"revisionHistoryLimit": limit}})

said(object) := found if {
	found := {seen.message | some seen in warn} with input as testing.given([object])
}

test_some_revisions_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.revisionHistoryLimit",
		"value": 5,
		"expected": "1 or more",
		"holds": true,
		"message": "Deployment \"app\" keeps 5 revisions",
	}} with input as testing.given([workload("Deployment", 5)])
}

test_what_is_left_out_holds if {
	{seen.message | some seen in observations} == {"DaemonSet \"app\" keeps Kubernetes' ten revisions"} with input as testing.given([
		testing.object_of("apps/v1", "DaemonSet", "app", {}),
	])
}

test_none_is_warned_of if {
	said(workload("Deployment", 0)) == {"Deployment \"app\" keeps 0 revisions"}
	said(workload("StatefulSet", "5")) == {"StatefulSet \"app\" keeps \"5\" revisions"}
}
