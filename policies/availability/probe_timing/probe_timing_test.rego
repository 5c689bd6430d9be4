package availability.probe_timing_test

import data.availability.probe_timing.deny
import data.availability.probe_timing.observations
import data.lib.testing
import rego.v1

command := ["/bin/grpc_health_probe", "-addr=localhost:50051", "-connect-timeout=3s", "--rpc-timeout=2s"]

denied(fields) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.server({}, fields)
}

timeout := "spec.template.spec.containers[0].readinessProbe.timeoutSeconds"

patience := "spec.template.spec.containers[0].livenessProbe.failureThreshold"

test_enough_time_and_patience_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].readinessProbe.timeoutSeconds",
			"value": 5,
			"expected": 5,
			"holds": true,
			"message": "container \"spicedb\" gives a readinessProbe that may take 5 seconds 5",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].livenessProbe.failureThreshold",
			"value": 30,
			"expected": 15,
			"holds": true,
			"message": "container \"spicedb\" restarts a pod after 30 seconds, and takes it out of service after 15",
		},
	} with input as testing.server({}, {
		"readinessProbe": {"exec": {"command": command}, "timeoutSeconds": 5, "periodSeconds": 5},
		"livenessProbe": {"grpc": {"port": 50051}},
	})
}

test_too_little_time_is_denied if {
	denied({"readinessProbe": {"exec": {"command": command}, "timeoutSeconds": 4}}) == {timeout}
	denied({"readinessProbe": {"exec": {"command": command}}}) == {timeout}
	denied({"readinessProbe": {"exec": {"command": ["grpc_health_probe", "-rpc-timeout=soon"]}}}) == {timeout}
	denied({"readinessProbe": {"exec": {"command": ["grpc_health_probe"]}, "timeoutSeconds": "9"}}) == {timeout}
	denied({"readinessProbe": {"exec": {"command": ["grpc_health_probe"]}, "timeoutSeconds": 2}}) == set()
}

test_a_liveness_probe_that_gives_up_first_is_denied if {
	denied({"readinessProbe": {"grpc": {}, "failureThreshold": 6}, "livenessProbe": {"grpc": {}}}) == {patience}
	denied({"readinessProbe": {"grpc": {}}, "livenessProbe": {"grpc": {}, "periodSeconds": 1}}) == {patience}
}

test_other_probes_and_none_are_not_looked_at if {
	observations == set() with input as testing.server({}, {"readinessProbe": "text", "livenessProbe": {"tcpSocket": {}}})
	observations == set() with input as testing.container({"readinessProbe": {"exec": {"command": command}}})
}

test_a_cron_job_is_looked_at if {
	fields := {"startupProbe": {"exec": {"command": ["grpc_health_probe"]}}}
	path := "spec.jobTemplate.spec.template.spec.containers[0].startupProbe.timeoutSeconds"
	{seen.path | some seen in deny} == {path} with input as testing.given([
		testing.cron_job({"containers": [testing.serving({}, fields)]}),
	])
}
