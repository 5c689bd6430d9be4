package availability.probes_test

import data.availability.probes.deny
import data.availability.probes.observations
import data.lib.testing
import rego.v1

probe := {"exec": {"command": ["grpc_health_probe"]}}

all := {"startupProbe": probe, "readinessProbe": probe, "livenessProbe": probe}

denied(fields) := findings if {
	findings := {[seen.path, seen.value] | some seen in deny} with input as testing.server({}, fields)
}

test_three_probes_hold if {
	testing.verdicts(observations) == {
		["spec.template.spec.containers[0].startupProbe", true],
		["spec.template.spec.containers[0].readinessProbe", true],
		["spec.template.spec.containers[0].livenessProbe", true],
	} with input as testing.server({}, all)
}

test_each_missing_probe_is_denied if {
	every name, _ in all {
		denied(object.remove(all, [name])) == {[concat(".", ["spec.template.spec.containers[0]", name]), []]}
	}
}

test_an_observation_in_full if {
	{finding.msg | some finding in deny} == {concat(" ", [
		"apps/v1/Deployment/here/app: spec.template.spec.containers[0].startupProbe:",
		"container \"spicedb\" has a startupProbe with 0 handlers",
	])} with input as testing.server({}, object.remove(all, ["startupProbe"]))
}

test_a_probe_that_asks_nothing_is_denied if {
	every asked in ["text", {}, {"periodSeconds": 10}, {"exec": "text"}] {
		fields := object.union(object.remove(all, ["startupProbe"]), {"startupProbe": asked})
		denied(fields) == {["spec.template.spec.containers[0].startupProbe", []]}
	}
}

test_other_handlers_hold if {
	every handler in ["grpc", "httpGet", "tcpSocket"] {
		denied(object.union(object.remove(all, ["startupProbe"]), {"startupProbe": {handler: {"port": 50051}}})) == set()
	}
}

test_other_containers_are_not_looked_at if {
	observations == set() with input as testing.container({})
}
