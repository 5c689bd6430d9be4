# METADATA
# title: One migration runs at a time, to a revision that is named, until it is done
# description: >-
#   Migrations take no lock: two at a time, as init containers of several pods or pods of a parallel Job, get into each other's way.
#   A migration must be a container of a Job's one pod. It must name the revision that it goes to (head is that of its image), must
#   not be tried over and over, as what failed halfway needs eyes, and the Job's deadline must not end it before its own timeout.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Leave the migration to the chart's Job (config.migrations.enabled), which does all of this.
#   parameters: []
package datastore.migration_once

import data.lib.observation
import data.lib.settings
import rego.v1

observations contains observation.saying(migration, "args", target, "the name of a revision, or head", holds, sentence) if {
	some migration in data.lib.spicedb.migrations
	target := _target(migration.spec)
	holds := _named(target)
	sentence := sprintf("migrates to %v", [observation.shown(target)])
}

observations contains observation.saying(migration, "args", kind, "Job", holds, sentence) if {
	some migration in data.lib.spicedb.migrations
	kind := _runs_in(migration)
	holds := kind == "Job"
	sentence := sprintf("migrates in a container of kind %v", [kind])
}

observations contains observation.saying(job, sprintf("spec.%v", [limit.field]), value, limit.expected, holds, sentence) if {
	some migration in _of_jobs
	job := migration.pod.resource
	some limit in _limits
	value := object.get(job.object, ["spec", limit.field], limit.otherwise)
	holds := _at_most(value, limit.most)
	sentence := sprintf("has the %v %v", [limit.field, observation.shown(value)])
}

observations contains observation.saying(job, "spec.activeDeadlineSeconds", deadline, expected, holds, sentence) if {
	some migration in _of_jobs
	job := migration.pod.resource
	deadline := object.get(job.object, ["spec", "activeDeadlineSeconds"], null)
	timeout := settings.seconds(migration, "SPICEDB_MIGRATION_TIMEOUT")
	expected := sprintf("none, or at least %v", [observation.shown(timeout)])
	holds := _allows(deadline, timeout)
	sentence := sprintf("ends after %v seconds a migration that may take %v", [observation.shown(deadline), observation.shown(timeout)])
}

# Kubernetes' own where they are left out.
_limits := [
	{"field": "parallelism", "most": 1, "otherwise": 1, "expected": "at most 1"},
	{"field": "completions", "most": 1, "otherwise": 1, "expected": "at most 1"},
	{"field": "backoffLimit", "most": 1, "otherwise": 6, "expected": "at most 1"},
]

_of_jobs := [migration |
	some migration in data.lib.spicedb.migrations
	migration.pod.kind == "Job"
]

_runs_in(migration) := migration.pod.kind if {
	contains(migration.prefix, ".containers[")
} else := sprintf("%v, before it starts", [migration.pod.kind])

# The word after "migrate".
_target(spec) := words[index + 1] if {
	words := array.concat(_list(spec, "command"), _list(spec, "args"))
	some index, word in words
	word == "migrate"
	index + 1 < count(words)
} else := null

_list(spec, field) := found if {
	found := object.get(spec, field, [])
	is_array(found)
} else := []

default _named(_) := false

_named(target) if {
	is_string(target)
	regex.match(`^[A-Za-z0-9][A-Za-z0-9_-]*$`, target)
}

default _at_most(_, _) := false

_at_most(value, most) if {
	is_number(value)
	value <= most
}

default _allows(_, _) := false

_allows(null, _) := true

_allows(deadline, timeout) if {
	is_number(deadline)
	is_number(timeout)
	deadline >= timeout
}

deny contains finding if some finding in observation.failures(observations)
