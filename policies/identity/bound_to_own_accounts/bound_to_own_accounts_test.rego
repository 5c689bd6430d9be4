package identity.bound_to_own_accounts_test

import data.identity.bound_to_own_accounts.deny
import data.identity.bound_to_own_accounts.observations
import data.lib.testing
import rego.v1

binding(subjects) := testing.object_of("rbac.authorization.k8s.io/v1", "RoleBinding", "app", {"subjects": subjects})

account(name) := {"kind": "ServiceAccount", "name": name, "namespace": "here"}

token := {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}

pod(name, volumes, automounts) := {
	"serviceAccountName": name,
	"automountServiceAccountToken": automounts,
	"containers": [{"name": "main"}],
	"volumes": volumes,
}

denied(spec, subject) := found if {
	found := {seen.value | some seen in deny} with input as testing.given([testing.deployment(spec), binding([subject])])
}

test_the_account_of_a_pod_with_a_token_holds if {
	observations == {{
		"subject": "rbac.authorization.k8s.io/v1/RoleBinding/here/app",
		"path": "subjects[0]",
		"value": {"namespace": "here", "name": "server"},
		"expected": "the account of a pod with a token",
		"holds": true,
		"message": "RoleBinding \"app\" gives its Role to the ServiceAccount \"server\" of \"here\", which a pod with a token runs as",
	}} with input as testing.given([testing.deployment(pod("server", [token], false)), binding([account("server")])])
}

test_the_namespace_of_the_binding_is_meant_where_none_is_named if {
	denied(pod("server", [], true), {"kind": "ServiceAccount", "name": "server"}) == set()
}

test_an_account_of_nobody_or_elsewhere_is_denied if {
	denied(pod("server", [token], false), account("other")) == {{"namespace": "here", "name": "other"}}
	denied(pod("server", [token], false), object.union(account("server"), {"namespace": "there"})) == {{"namespace": "there", "name": "server"}}
}

test_an_account_whose_pods_hold_no_token_is_denied if count(denied(pod("server", [], false), account("server"))) == 1

test_the_default_account_is_denied if count(denied({"containers": []}, account("default"))) == 1

test_the_pod_of_a_cron_job_counts if {
	deny == set() with input as testing.given([testing.cron_job(pod("job", [token], false)), binding([account("job")])])
}

test_an_account_without_a_readable_name_is_denied if {
	count(denied(pod("server", [token], false), {"kind": "ServiceAccount"})) == 1
	count(denied(pod("server", [token], false), {"kind": "ServiceAccount", "name": 5})) == 1
}

test_groups_are_another_rules_matter if {
	observations == set() with input as testing.given([binding([{"kind": "Group", "name": "server"}])])
}
