# METADATA
# title: AppArmor is not turned off
# description: >-
#   AppArmor confines what a process may open and run. Kubernetes asks the runtime for its default profile
#   where the node has AppArmor; a pod may name RuntimeDefault or a profile of the node, and must not say
#   Unconfined, in a field or in the annotation that came before the fields. Leaving it out is safe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove appArmorProfile, or set its type to RuntimeDefault or Localhost; remove annotations that begin
#     with container.apparmor.security.beta.kubernetes.io/. The chart sets neither.
#   parameters: []
#   pod_security: [baseline/appArmorProfile]
package workload.apparmor_profile

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", _expected, "and its containers name no AppArmor profile")
}

observations contains observation.saying(pod.metadata, "annotations", value, _expected, holds, sentence) if {
	some pod in data.lib.kubernetes.pods
	some name, profile in kubernetes.as_map(pod.annotations)
	startswith(name, "container.apparmor.security.beta.kubernetes.io/")
	value := {name: profile}
	holds := _allowed(profile)
	sentence := sprintf("names the AppArmor profile %v in an annotation", [observation.shown(profile)])
}

_expected := "RuntimeDefault or Localhost"

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.all
		profile := seen.context.appArmorProfile
		profile != null
		type := object.get(kubernetes.as_map(profile), "type", null)
		place := {
			"target": seen.target,
			"field": "securityContext.appArmorProfile.type",
			"value": type,
			"holds": type in {"RuntimeDefault", "Localhost"},
		}
	]
]

_allowed(profile) if {
	profile in {null, "", "runtime/default"}
} else if {
	is_string(profile)
	startswith(profile, "localhost/")
} else := false

deny contains finding if some finding in observation.failures(observations)
