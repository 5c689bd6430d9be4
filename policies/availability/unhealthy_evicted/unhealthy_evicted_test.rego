package availability.unhealthy_evicted_test

import data.availability.unhealthy_evicted.observations
import data.availability.unhealthy_evicted.warn
import data.lib.testing
import rego.v1

budget(spec) := testing.object_of("policy/v1", "PodDisruptionBudget", "keep", {"spec": spec})

warned(spec) if {
	count(warn) == 1 with input as testing.given([budget(spec)])
}

test_letting_them_go_holds if {
	observations == {{
		"subject": "policy/v1/PodDisruptionBudget/here/keep",
		"path": "spec.unhealthyPodEvictionPolicy",
		"value": "AlwaysAllow",
		"expected": "AlwaysAllow",
		"holds": true,
		"message": "PodDisruptionBudget \"keep\" sets spec.unhealthyPodEvictionPolicy to AlwaysAllow",
	}} with input as testing.given([budget({"unhealthyPodEvictionPolicy": "AlwaysAllow"})])
}

test_what_keeps_them_is_warned_of if {
	warned({})
	warned({"unhealthyPodEvictionPolicy": "IfHealthyBudget"})
	warned({"unhealthyPodEvictionPolicy": true})
	warned("text")
}
