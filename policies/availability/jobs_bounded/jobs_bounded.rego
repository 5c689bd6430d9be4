# METADATA
# title: Jobs end
# description: >-
#   A Job whose pod hangs waits for ever, and what waits for it (a hook, an upgrade with --wait) with it. Each Job must
#   have a deadline, its own or its pods'. Whether a migration's is long enough is asked by datastore.migration_once.
# custom:
#   severity: low
#   kinds: [Job, CronJob]
#   remediation: >-
#     Set activeDeadlineSeconds on the Job; the chart computes it from config.migrations.timeoutSeconds and
#     config.migrations.backoffLimit.
#   parameters: []
package availability.jobs_bounded

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(pod.resource, field, deadline, expected, holds, sentence) if {
	some pod in data.lib.kubernetes.pods
	prefix := _prefixes[pod.kind]
	field := concat("", [prefix, "activeDeadlineSeconds"])
	deadline := _deadline(pod)
	expected := "a number of seconds, more than none"
	holds := _bounds(deadline)
	sentence := sprintf("is given %v seconds to end", [observation.shown(deadline)])
}

_prefixes := {"Job": "spec.", "CronJob": "spec.jobTemplate.spec."}

# The Job's own, or its pods'.
_deadline(pod) := deadline if {
	deadline := _own(pod)
	deadline != null
} else := object.get(pod.spec, "activeDeadlineSeconds", null)

_own(pod) := object.get(kubernetes.map(pod.resource.object, "spec"), "activeDeadlineSeconds", null) if {
	pod.kind == "Job"
} else := object.get(pod.resource.object, ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"], null)

default _bounds(_) := false

_bounds(deadline) if {
	is_number(deadline)
	deadline > 0
}

warn contains finding if some finding in observation.failures(observations)
