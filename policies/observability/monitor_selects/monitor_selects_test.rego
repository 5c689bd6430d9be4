package observability.monitor_selects_test

import data.lib.testing
import data.observability.monitor_selects.observations
import data.observability.monitor_selects.warn
import rego.v1

spec := {"containers": [testing.named("main", {"ports": [{"name": "metrics", "containerPort": 9090}]})]}

monitor(port) := testing.object_of("monitoring.coreos.com/v1", "PodMonitor", "watch", {"spec": {
	"selector": {"matchLabels": {"app": "app"}},
	"podMetricsEndpoints": [{"port": port}],
}})

test_a_monitor_that_reaches_a_port_holds if {
	observations == {{
		"subject": "monitoring.coreos.com/v1/PodMonitor/here/watch",
		"path": "spec.podMetricsEndpoints[0]",
		"value": [9090],
		"expected": "a declared port",
		"holds": true,
		"message": "PodMonitor \"watch\" scrapes 1 ports",
	}} with input as testing.given([testing.deployment(spec), monitor("metrics")])
}

test_a_monitor_that_reaches_nothing_is_warned_of if {
	{seen.message | some seen in warn} == {"PodMonitor \"watch\" scrapes 0 ports"} with input as testing.given([monitor("metrics")])
	{seen.message | some seen in warn} == {"PodMonitor \"watch\" scrapes 0 ports"} with input as testing.given([
		testing.deployment(spec),
		monitor(null),
	])
}

test_pods_of_a_cron_job_count if {
	warn == set() with input as testing.given([testing.cron_job(spec), monitor("metrics")])
}
