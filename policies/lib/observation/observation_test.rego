package lib.observation_test

import data.lib.observation
import rego.v1

target := {"subject": "apps/v1/Deployment/here/app", "prefix": "spec.", "label": "Deployment \"app\""}

test_a_value_is_said if {
	observation.of(target, "replicas", 1, 2, false) == {
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.replicas",
		"value": 1,
		"expected": 2,
		"holds": false,
		"message": "Deployment \"app\" sets replicas to 1",
	}
}

test_an_absent_value_is_said if {
	observation.of(target, "replicas", null, 2, false) == {
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.replicas",
		"value": null,
		"expected": 2,
		"holds": false,
		"message": "Deployment \"app\" does not set replicas",
	}
}

test_a_rule_may_say_it_in_its_own_words if {
	seen := observation.saying(target, "replicas", 1, 2, false, "runs alone")
	seen.message == "Deployment \"app\" runs alone"
}

test_failures_are_the_observations_that_do_not_hold if {
	bad := observation.of(target, "replicas", 1, 2, false)
	good := observation.of(target, "replicas", 2, 2, true)
	message := "apps/v1/Deployment/here/app: spec.replicas: Deployment \"app\" sets replicas to 1"
	observation.failures({bad, good}) == {object.union(bad, {"msg": message})}
}

test_values_read_well_in_a_sentence if {
	observation.shown("text") == "\"text\""
	observation.shown(null) == "nothing"
	observation.shown(5) == "5"
}
