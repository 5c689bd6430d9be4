# METADATA
# title: No capability is added to the usual ones
# description: >-
#   Beyond the capabilities that container runtimes grant by default lie those that open the node: SYS_ADMIN,
#   NET_RAW, SYS_PTRACE and others. This is what Pod Security asks at level baseline;
#   workload.drop_all_capabilities asks more.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove what securityContext.capabilities.add of the container names. The chart adds nothing.
#   parameters: []
#   pod_security: [baseline/capabilities_baseline]
package workload.default_capabilities

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "containers", "only capabilities of the default set", "adds no capability to its containers")
}

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some seen in setting.containers
		added := _added(seen.context)
		added != null
		place := {
			"target": seen.target,
			"field": "securityContext.capabilities.add",
			"value": added,
			"holds": ({capability | some capability in added} - _default) == set(),
		}
	]
]

# What is no list counts as one capability that nobody knows.
_added(context) := kubernetes.entries(context.capabilities, "add") if {
	is_object(context.capabilities)
	object.get(context.capabilities, "add", null) != null
} else := [null] if {
	object.get(context, "capabilities", null) != null
	not is_object(context.capabilities)
} else := null

_default := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
	"NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

deny contains finding if some finding in observation.failures(observations)
