# METADATA
# title: No container has a static key of AWS
# description: >-
#   A static access key is valid until somebody revokes it, wherever it is copied to, also when it comes from a Secret. A
#   pod gets a role that changes its credentials by itself: by EKS Pod Identity or IAM roles for service accounts. No
#   container may be given a key, nor a file of keys.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove the variables and set aws.podIdentity, or the annotation eks.amazonaws.com/role-arn in
#     serviceAccount.annotations.
#   parameters: []
package identity.no_static_keys

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(container, "env", keys, [], keys == [], sentence) if {
	some container in data.lib.kubernetes.containers
	names := {entry.name | some entry in kubernetes.entries(container.spec, "env"); is_string(entry.name)}
	keys := sort(names & _keys)
	sentence := sprintf("has %d settings with a static key of AWS", [count(keys)])
}

_keys := {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE"}

deny contains finding if some finding in observation.failures(observations)
