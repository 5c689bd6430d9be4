# METADATA
# title: No version runs that its makers have withdrawn
# description: >-
#   SpiceDB's changelog calls some versions YANKED: a migration of theirs damages the datastore, or they give wrong answers. A
#   container must run none of these. The list is that of policies/spicedb_flags.yaml, read from the changelog.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set image.tag to a newer version that was not withdrawn.
#   parameters: []
package datastore.no_withdrawn_version

import data.lib.observation
import rego.v1

observations contains observation.saying(container, "image", container.version, "a version that was not withdrawn", holds, sentence) if {
	some container in data.lib.spicedb.containers
	container.version != null
	holds := _sound(container.version)
	sentence := sprintf("runs SpiceDB %v, which %v withdrawn", [container.version, _was[holds]])
}

_was := {true: "was not", false: "its makers have"}

default _sound(_) := true

_sound(version) := false if version in _withdrawn

_withdrawn := {version |
	some version, properties in data.spicedb_flags.versions
	properties.withdrawn
}

deny contains finding if some finding in observation.failures(observations)
