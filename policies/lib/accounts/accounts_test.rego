package lib.accounts_test

import data.lib.accounts
import data.lib.testing
import rego.v1

account(automount) := testing.object_of("v1", "ServiceAccount", "runner", {"automountServiceAccountToken": automount})

automounts(spec, objects) := found[0] if {
	found := [accounts.automounts(pod) |
		some pod in data.lib.kubernetes.pods
	] with input as testing.given(array.concat([testing.deployment(spec)], objects))
}

test_a_token_is_mounted_unless_somebody_says_no if automounts({}, [])

test_the_pod_decides_before_its_account if {
	automounts({"serviceAccountName": "runner", "automountServiceAccountToken": false}, [account(true)]) == false
	automounts({"serviceAccountName": "runner", "automountServiceAccountToken": true}, [account(false)])
}

test_the_account_decides_where_the_pod_does_not if {
	automounts({"serviceAccountName": "runner"}, [account(false)]) == false
	automounts({"serviceAccountName": "other"}, [account(false)])
}

test_an_account_of_another_namespace_decides_nothing if {
	elsewhere := object.union(account(false), {"metadata": {"namespace": "there"}})
	automounts({"serviceAccountName": "runner"}, [elsewhere])
}

test_what_is_no_boolean_says_nothing if {
	automounts({"serviceAccountName": "runner", "automountServiceAccountToken": "false"}, [account("false")])
}

test_a_pod_without_a_name_has_the_default_account if {
	accounts.name({"spec": {}}) == "default"
	accounts.name({"spec": {"serviceAccountName": ""}}) == "default"
	accounts.name({"spec": {"serviceAccountName": "runner"}}) == "runner"
}

rights := [{"apiGroups": [""], "resources": ["endpoints"], "verbs": ["watch"]}]

role := testing.object_of("rbac.authorization.k8s.io/v1", "Role", "watcher", {"rules": rights})

binding(kind, name, subject) := testing.object_of("rbac.authorization.k8s.io/v1", kind, "watcher", {
	"roleRef": {"kind": "Role", "name": name},
	"subjects": [subject],
})

runner := {"kind": "ServiceAccount", "name": "runner", "namespace": "here"}

granted(objects) := rules if {
	pod := testing.deployment({"serviceAccountName": "runner"})
	rules := [rule.rule |
		some given in data.lib.kubernetes.pods
		some rule in accounts.granted(given, "here")
	] with input as testing.given(array.concat([pod], objects))
}

test_a_bound_role_is_granted if {
	granted([role, binding("RoleBinding", "watcher", runner)]) == rights
	granted([role, binding("RoleBinding", "watcher", {"kind": "ServiceAccount", "name": "runner"})]) == rights
}

test_nothing_is_granted_without_the_right_binding if {
	granted([role]) == []
	granted([role, binding("RoleBinding", "other", runner)]) == []
	granted([role, binding("ClusterRoleBinding", "watcher", runner)]) == []
	granted([role, binding("RoleBinding", "watcher", {"kind": "User", "name": "runner"})]) == []
	granted([role, binding("RoleBinding", "watcher", object.union(runner, {"namespace": "there"}))]) == []
	elsewhere := {"metadata": {"namespace": "there"}}
	granted([object.union(role, elsewhere), binding("RoleBinding", "watcher", runner)]) == []
	granted([role, object.union(binding("RoleBinding", "watcher", runner), elsewhere)]) == []
}

test_projected_tokens_are_found_where_they_are_mounted if {
	spec := {
		"volumes": [{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}],
		"containers": [
			{"name": "main", "volumeMounts": [{"name": "token", "mountPath": "/token"}]},
			{"name": "other"},
		],
	}
	found := [[container.name, count(accounts.token_mounts(container))] |
		some container in data.lib.kubernetes.containers
	] with input as testing.given([testing.deployment(spec)])
	found == [["main", 1], ["other", 0]]
}

test_rules_of_roles_and_cluster_roles_are_found if {
	cluster_role := testing.object_of("rbac.authorization.k8s.io/v1", "ClusterRole", "wide", {"rules": "text"})
	found := [[rule.role.kind, rule.field, rule.rule] |
		some rule in data.lib.accounts.rules
	] with input as testing.given([role, cluster_role])
	found == [["Role", "rules[0]", rights[0]], ["ClusterRole", "rules[0]", {}]]
}

test_an_account_that_sets_no_boolean_says_nothing if {
	automounts({"serviceAccountName": "runner"}, [account("false")]) == true
}

test_other_mounts_are_no_tokens if {
	spec := {
		"volumes": [{"name": "tls", "secret": {}}],
		"containers": [{"name": "main", "volumeMounts": [{"name": "tls", "mountPath": "/tls"}]}],
	}
	found := [count(accounts.token_mounts(container)) |
		some container in data.lib.kubernetes.containers
	] with input as testing.given([testing.deployment(spec)])
	found == [0]
}

mounting(volume) := {
	"volumes": [volume],
	"containers": [{"name": "main", "volumeMounts": [{"name": volume.name, "mountPath": "/token"}]}],
}

test_the_tokens_of_another_object_are_not_its_own if {
	token := {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
	found := [count(accounts.token_mounts(container)) |
		some container in data.lib.kubernetes.containers
	] with input as testing.given([
		testing.deployment(mounting(token)),
		testing.workload("apps/v1", "StatefulSet", mounting({"name": "tls", "secret": {}})),
	])
	found == [1, 0]
}

test_a_cluster_role_of_the_same_name_is_not_granted if {
	cluster_role := object.union(role, {"kind": "ClusterRole"})
	granted([cluster_role, binding("RoleBinding", "watcher", runner)]) == []
	of_cluster_role := object.union(binding("RoleBinding", "watcher", runner), {"roleRef": {"kind": "ClusterRole"}})
	granted([role, of_cluster_role]) == []
}

# As helm template leaves them: only what refers to the release's namespace names it.
without_namespace(object_) := json.remove(object_, ["metadata/namespace"])

test_the_release_s_namespace_is_taken_for_the_one_that_is_named if {
	rules := [accounts.granted(pod, "here") |
		some pod in data.lib.kubernetes.pods
	] with input as testing.given([
		without_namespace(testing.deployment({"serviceAccountName": "runner"})),
		without_namespace(role),
		without_namespace(binding("RoleBinding", "watcher", runner)),
	])
	count(rules[0]) == 1
}
