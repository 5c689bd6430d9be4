package identity.least_rbac_test

import data.identity.least_rbac.deny
import data.identity.least_rbac.observations
import data.lib.testing
import rego.v1

role(rule) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", "Role", "app", {"rules": [rule]})])

binding(kind, role_kind) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", kind, "app", {
	"roleRef": {"kind": role_kind, "name": "app"},
})])

powers(rule) := values if {
	values := {seen.value | some seen in deny} with input as role(rule)
}

test_a_small_right_holds if {
	observations == {{
		"subject": "rbac.authorization.k8s.io/v1/Role/here/app",
		"path": "rules[0]",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "Role \"app\" grants 0 powers that lead to more rights",
	}} with input as role({"resources": ["endpoints"], "verbs": ["watch"]})
}

test_reading_secrets_is_denied if {
	powers({"resources": ["secrets"], "verbs": ["get", "create"]}) == {["get secrets"]}
	powers({"resources": ["pods", "secrets"], "verbs": ["list", "watch"]}) == {["list secrets", "watch secrets"]}
	powers({"resources": ["secrets"], "verbs": ["*"]}) == {["* secrets"]}
}

test_writing_a_secret_is_another_right if powers({"resources": ["secrets"], "verbs": ["create"]}) == set()

test_verbs_that_lead_to_more_rights_are_denied if {
	every verb in ["bind", "escalate", "impersonate"] {
		powers({"resources": ["roles"], "verbs": [verb]}) == {[verb]}
	}
}

test_a_binding_of_a_role_holds if {
	observations == {{
		"subject": "rbac.authorization.k8s.io/v1/RoleBinding/here/app",
		"path": "roleRef.kind",
		"value": "Role",
		"expected": "Role, bound in one namespace",
		"holds": true,
		"message": "RoleBinding \"app\" binds a \"Role\"",
	}} with input as binding("RoleBinding", "Role")
}

test_a_binding_of_a_cluster_role_or_across_namespaces_is_denied if {
	every case in [
		["RoleBinding", "ClusterRole"],
		["ClusterRoleBinding", "ClusterRole"],
		["ClusterRoleBinding", "Role"],
		["RoleBinding", null],
	] {
		{seen.path | some seen in deny} == {"roleRef.kind"} with input as binding(case[0], case[1])
	}
}
