# METADATA
# title: Every pod has a ServiceAccount of its own
# description: >-
#   Rights given to the namespace's default ServiceAccount are given to every pod that names none. Each pod must
#   name another account, so that its rights, and what the cloud grants by it, are its own.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Leave serviceAccount.create true, or name an existing account in serviceAccount.name.
#   parameters: []
package identity.dedicated_service_account

import data.lib.accounts
import data.lib.observation
import rego.v1

observations contains observation.saying(pod, "serviceAccountName", value, "a name other than default", holds, sentence) if {
	some pod in data.lib.kubernetes.pods
	value := object.get(pod.spec, "serviceAccountName", null)
	name := accounts.name(pod)
	holds := name != "default"
	sentence := sprintf("runs as the ServiceAccount \"%v\"", [name])
}

deny contains finding if some finding in observation.failures(observations)
