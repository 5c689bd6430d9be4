package identity.namespaced_rights_test

import data.identity.namespaced_rights.deny
import data.identity.namespaced_rights.observations
import data.lib.testing
import rego.v1

of_rbac(kind, fields) := testing.object_of("rbac.authorization.k8s.io/v1", kind, "app", fields)

binding(kind, role_kind) := testing.given([of_rbac(kind, {"roleRef": {"kind": role_kind, "name": "app"}})])

test_a_role_and_its_binding_hold if {
	observations == {
		{
			"subject": "rbac.authorization.k8s.io/v1/Role/here/app",
			"path": "kind",
			"value": "Role",
			"expected": "Role",
			"holds": true,
			"message": "Role \"app\" gives rights in one namespace",
		},
		{
			"subject": "rbac.authorization.k8s.io/v1/RoleBinding/here/app",
			"path": "roleRef.kind",
			"value": "Role",
			"expected": "Role, bound in one namespace",
			"holds": true,
			"message": "RoleBinding \"app\" binds a \"Role\"",
		},
	} with input as testing.given([
		of_rbac("Role", {"rules": []}),
		of_rbac("RoleBinding", {"roleRef": {"kind": "Role", "name": "app"}}),
	])
}

test_a_cluster_role_is_denied if {
	{seen.message | some seen in deny} == {"ClusterRole \"app\" gives rights in every namespace"} with input as testing.given([of_rbac("ClusterRole", {})])
}

test_a_binding_of_a_cluster_role_or_across_namespaces_is_denied if {
	every case in [
		["RoleBinding", "ClusterRole"],
		["ClusterRoleBinding", "ClusterRole"],
		["ClusterRoleBinding", "Role"],
		["RoleBinding", null],
		["RoleBinding", 5],
	] {
		{seen.path | some seen in deny} == {"roleRef.kind"} with input as binding(case[0], case[1])
	}
}

test_a_binding_of_nothing_is_denied if {
	{seen.value | some seen in deny} == {null} with input as testing.given([of_rbac("RoleBinding", {"roleRef": "app"})])
}
