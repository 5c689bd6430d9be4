# METADATA
# title: Roles give no way to more rights
# description: >-
#   The verbs bind, escalate and impersonate turn a small right into any right. So does making pods or what makes them
#   (they run as any account of the namespace), running commands in pods, asking for other accounts' tokens, approving
#   certificates, speaking to kubelets, making volumes, and changing admission. No rule may give one of these.
# custom:
#   severity: high
#   kinds: [Role, ClusterRole]
#   remediation: Remove the verb or the resource from the Role. The chart's Role names get and watch on one Endpoints object.
#   parameters: []
package identity.least_rbac

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(rule.role, rule.field, powers, [], powers == [], sentence) if {
	some rule in data.lib.accounts.rules
	powers := _powers(rule.rule)
	sentence := sprintf("grants %d powers that lead to more rights", [count(powers)])
}

_powers(rule) := array.concat(
	[verb |
		some verb in kubernetes.entries(rule, "verbs")
		verb in {"bind", "escalate", "impersonate"}
	],
	[sprintf("%v %v", [verb, resource]) |
		some resource in kubernetes.texts(rule, "resources")
		leading := _leading[resource]
		some verb in kubernetes.texts(rule, "verbs")
		verb in leading
	],
)

# The verbs on a resource that lead to more rights.
_leading := {
	"pods": _makes,
	"deployments": _makes,
	"statefulsets": _makes,
	"daemonsets": _makes,
	"replicasets": _makes,
	"replicationcontrollers": _makes,
	"jobs": _makes,
	"cronjobs": _makes,
	"pods/exec": _enters,
	"pods/attach": _enters,
	"pods/portforward": _enters,
	"pods/ephemeralcontainers": _makes,
	"serviceaccounts/token": {"create", "*"},
	"certificatesigningrequests/approval": _makes,
	"nodes/proxy": (_enters | _makes),
	"persistentvolumes": _makes,
	"mutatingwebhookconfigurations": _makes,
	"validatingwebhookconfigurations": _makes,
}

_makes := {"create", "update", "patch", "*"}

# A GET opens a stream, too.
_enters := {"create", "get", "*"}

deny contains finding if some finding in observation.failures(observations)
