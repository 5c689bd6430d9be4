# METADATA
# title: Jobs end, and not too early
# description: >-
#   A Job whose pod hangs waits for ever, and what waits for it (a hook, an upgrade with --wait) with it. Each Job must
#   have a deadline. A migration's must leave it the whole of SPICEDB_MIGRATION_TIMEOUT, an hour by default, or it is
#   killed in the middle.
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
import data.lib.quantities
import data.lib.spicedb
import rego.v1

observations contains observation.saying(pod.resource, field, deadline, expected, holds, sentence) if {
	some pod in data.lib.kubernetes.pods
	prefix := _prefixes[pod.kind]
	field := concat("", [prefix, "activeDeadlineSeconds"])
	deadline := _deadline(pod)
	needed := _needed(pod)
	expected := sprintf("a deadline of %v seconds or more", [needed])
	holds := _long_enough(deadline, needed)
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

_needed(pod) := max([_timeout(migration) | some migration in found]) if {
	found := [migration | some migration in data.lib.spicedb.migrations; migration.subject == pod.subject]
	found != []
} else := 1

_timeout(migration) := quantities.seconds(value) if {
	value := spicedb.value(migration, "SPICEDB_MIGRATION_TIMEOUT")
	quantities.seconds(value)
} else := 3600

default _long_enough(_, _) := false

_long_enough(deadline, needed) if {
	is_number(deadline)
	deadline >= needed
}

warn contains finding if some finding in observation.failures(observations)
