package identity.least_rbac_test

import data.identity.least_rbac.deny
import data.identity.least_rbac.observations
import data.lib.testing
import rego.v1

role(rule) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", "Role", "app", {"rules": [rule]})])

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

test_verbs_that_lead_to_more_rights_are_denied if {
	every verb in ["bind", "escalate", "impersonate"] {
		powers({"resources": ["roles"], "verbs": [verb]}) == {[verb]}
	}
}

test_making_pods_or_what_makes_them_is_denied if {
	powers({"resources": ["pods", "jobs"], "verbs": ["get", "create"]}) == {["create pods", "create jobs"]}
	powers({"resources": ["deployments"], "verbs": ["patch"]}) == {["patch deployments"]}
	powers({"resources": ["daemonsets"], "verbs": ["*"]}) == {["* daemonsets"]}
}

test_entering_pods_and_nodes_is_denied if {
	powers({"resources": ["pods/exec"], "verbs": ["create"]}) == {["create pods/exec"]}
	powers({"resources": ["nodes/proxy"], "verbs": ["get"]}) == {["get nodes/proxy"]}
}

test_other_accounts_tokens_and_certificates_and_admission_are_denied if {
	powers({"resources": ["serviceaccounts/token"], "verbs": ["create"]}) == {["create serviceaccounts/token"]}
	powers({"resources": ["certificatesigningrequests/approval"], "verbs": ["update"]}) == {["update certificatesigningrequests/approval"]}
	powers({"resources": ["validatingwebhookconfigurations"], "verbs": ["patch"]}) == {["patch validatingwebhookconfigurations"]}
}

test_reading_pods_is_no_way_to_more if powers({"resources": ["pods", "pods/log"], "verbs": ["get", "list"]}) == set()

test_what_can_not_be_read_grants_nothing_here if {
	powers({"resources": "pods", "verbs": ["create"]}) == set()
	powers("create") == set()
	observations == set() with input as testing.given([testing.object_of("rbac.authorization.k8s.io/v1", "Role", "app", {})])
}
