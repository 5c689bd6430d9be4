# METADATA
# title: Only sysctls of the pod's own namespaces are set
# description: >-
#   Sysctls change the kernel. Those on Kubernetes' list of safe ones act on the pod's own namespaces; others
#   act on the node and every pod of it. The list grows with the versions: 1.27, 1.29, 1.32 and 1.37 add to
#   it.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Remove the sysctl from the pod's securityContext.sysctls. The chart sets none.
#   parameters: [kubernetes_version]
#   pod_security: [baseline/sysctls]
package workload.safe_sysctls

import data.lib.kubernetes
import data.lib.observation
import data.lib.pod_security
import rego.v1

observations contains made if {
	some made in pod_security.observed(_set, "securityContext", _expected, "sets no sysctl")
}

observations contains made if some made in data.lib.pod_security.unjudged

_expected := "a sysctl that this version of Kubernetes calls safe"

_set := [places |
	some setting in data.lib.pod_security.settings
	places := [place |
		some index, sysctl in kubernetes.entries(setting.all[0].context, "sysctls")
		name := object.get(kubernetes.as_map(sysctl), "name", null)
		place := {
			"target": setting.pod,
			"field": sprintf("securityContext.sysctls[%d].name", [index]),
			"value": name,
			"holds": name in _safe,
		}
	]
]

_safe := {name |
	some since, names in _since
	data.lib.pod_security.minor >= since
	some name in names
}

_since := {
	25: [
		"kernel.shm_rmid_forced",
		"net.ipv4.ip_local_port_range",
		"net.ipv4.ip_unprivileged_port_start",
		"net.ipv4.ping_group_range",
		"net.ipv4.tcp_syncookies",
	],
	27: ["net.ipv4.ip_local_reserved_ports"],
	29: [
		"net.ipv4.tcp_fin_timeout",
		"net.ipv4.tcp_keepalive_intvl",
		"net.ipv4.tcp_keepalive_probes",
		"net.ipv4.tcp_keepalive_time",
	],
	32: ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
	37: ["net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"],
}

deny contains finding if some finding in observation.failures(observations)
