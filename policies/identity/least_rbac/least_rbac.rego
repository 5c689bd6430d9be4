# METADATA
# title: Roles give no way to more rights
# description: >-
#   Reading Secrets, and the verbs bind, escalate and impersonate, turn a small right into any right. No rule
#   may name them, and a binding may only give a Role of its own namespace, never a ClusterRole.
# custom:
#   severity: high
#   kinds: [Role, ClusterRole, RoleBinding, ClusterRoleBinding]
#   remediation: Remove the verb or resource from the Role; bind a Role with a RoleBinding.
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

observations contains observation.saying(binding, "roleRef.kind", value, "Role, bound in one namespace", holds, sentence) if {
	some binding in data.lib.accounts.bindings
	value := object.get(binding.object, ["roleRef", "kind"], null)
	holds := [binding.kind, value] == ["RoleBinding", "Role"]
	sentence := sprintf("binds a %v", [observation.shown(value)])
}

_powers(rule) := array.concat(
	[verb |
		some verb in kubernetes.entries(rule, "verbs")
		verb in {"bind", "escalate", "impersonate"}
	],
	[sprintf("%v %v", [verb, resource]) |
		some resource in kubernetes.texts(rule, "resources")
		resource == "secrets"
		some verb in kubernetes.texts(rule, "verbs")
		verb in {"get", "list", "watch", "*"}
	],
)

deny contains finding if some finding in observation.failures(observations)
