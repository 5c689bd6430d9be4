package identity.no_open_subjects_test

import data.identity.no_open_subjects.deny
import data.identity.no_open_subjects.observations
import data.lib.testing
import rego.v1

bound(kind, fields) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", kind, "app", fields)])

test_a_service_account_holds if {
	observations == {{
		"subject": "rbac.authorization.k8s.io/v1/RoleBinding/here/app",
		"path": "subjects[0]",
		"value": {"kind": "ServiceAccount", "name": "app"},
		"expected": "a ServiceAccount",
		"holds": true,
		"message": "RoleBinding \"app\" gives its Role to \"ServiceAccount\" \"app\"",
	}} with input as bound("RoleBinding", {"subjects": [{"kind": "ServiceAccount", "name": "app"}]})
}

test_groups_and_users_are_denied if {
	subjects := [
		{"kind": "ServiceAccount", "name": "app"},
		{"kind": "Group", "name": "system:authenticated"},
		{"kind": "User", "name": "system:anonymous"},
	]
	every kind in ["RoleBinding", "ClusterRoleBinding"] {
		{seen.path | some seen in deny} == {"subjects[1]", "subjects[2]"} with input as bound(kind, {"subjects": subjects})
	}
}

test_what_can_not_be_read_is_denied if {
	every subjects in ["system:authenticated", [5], [{"name": "app"}]] {
		{seen.path | some seen in deny} == {"subjects[0]"} with input as bound("RoleBinding", {"subjects": subjects})
	}
}

test_a_binding_without_subjects_gives_nothing if observations == set() with input as bound("RoleBinding", {})
