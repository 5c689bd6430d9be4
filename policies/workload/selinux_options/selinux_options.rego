# METADATA
# title: SELinux confines containers as usual
# description: >-
#   On nodes with SELinux, a pod may choose among the types that confine containers, and no user or role of
#   its own: others are let at the node's files. The type container_engine_t counts from Kubernetes 1.31 on.
#   Leaving the options out is safe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove securityContext.seLinuxOptions, or keep to its type and level. The chart sets none.
#   parameters: [kubernetes_version]
#   pod_security: [baseline/seLinuxOptions]
package workload.selinux_options

import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", _expected, "and its containers choose no SELinux options")
}

observations contains made if some made in data.lib.pod_security.unjudged

_expected := "a type that confines containers, no user and no role"

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.all
		options := seen.context.seLinuxOptions
		options != null
		place := {"target": seen.target, "field": "securityContext.seLinuxOptions", "value": options, "holds": _confined(options)}
	]
]

_confined(options) if {
	is_object(options)
	object.get(options, "type", "") in _types
	object.get(options, "user", "") in {"", null}
	object.get(options, "role", "") in {"", null}
} else := false

_types := {"", null, "container_t", "container_init_t", "container_kvm_t"} | _newer

default _newer := set()

_newer := {"container_engine_t"} if data.lib.pod_security.minor >= 31

deny contains finding if some finding in observation.failures(observations)
