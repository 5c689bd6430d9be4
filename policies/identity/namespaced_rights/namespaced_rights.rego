# METADATA
# title: Rights end at the namespace
# description: >-
#   A ClusterRole or ClusterRoleBinding reaches every namespace, and a RoleBinding of a ClusterRole gives what somebody else
#   decides and may widen. SpiceDB needs one right in its own namespace: each Role must be a Role, and each binding a
#   RoleBinding of one.
# custom:
#   severity: high
#   kinds: [Role, ClusterRole, RoleBinding, ClusterRoleBinding]
#   remediation: Make a Role in the release's namespace and bind it with a RoleBinding. The chart does both.
#   parameters: []
package identity.namespaced_rights

import data.lib.observation
import rego.v1

observations contains observation.saying(role, "kind", role.kind, "Role", holds, sentence) if {
	some role in data.lib.accounts.roles
	holds := role.kind == "Role"
	sentence := sprintf("gives rights in %v", [_reach[holds]])
}

observations contains observation.saying(binding, "roleRef.kind", value, "Role, bound in one namespace", holds, sentence) if {
	some binding in data.lib.accounts.bindings
	value := object.get(binding.object, ["roleRef", "kind"], null)
	holds := [binding.kind, value] == ["RoleBinding", "Role"]
	sentence := sprintf("binds a %v", [observation.shown(value)])
}

_reach := {true: "one namespace", false: "every namespace"}

deny contains finding if some finding in observation.failures(observations)
