# METADATA
# title: A container gets the keys of Secrets that it names, not whole Secrets
# description: >-
#   envFrom turns every key of a Secret into a variable, also those that are added later and that nobody meant for this
#   container, and no manifest shows which setting came from it. Each container must name the keys that it takes.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Name each key in env with valueFrom.secretKeyRef (extraEnv), or mount the keys that are needed as files.
#   parameters: []
package secrets.named_keys

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, "envFrom", names, [], names == [], sentence) if {
	some container in data.lib.kubernetes.containers
	names := [name |
		some entry in kubernetes.entries(container.spec, "envFrom")
		name := _whole(entry)
	]
	sentence := sprintf("takes %d whole Secrets into its environment", [count(names)])
}

# What cannot be read may be a Secret.
_whole(entry) := object.get(entry.secretRef, "name", "unreadable") if {
	is_object(entry.secretRef)
} else := "unreadable" if {
	not is_object(object.get(kubernetes.as_map(entry), "configMapRef", null))
}

deny contains finding if some finding in observation.failures(observations)
