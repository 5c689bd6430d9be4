package identity.no_rbac_wildcards_test

import data.identity.no_rbac_wildcards.deny
import data.identity.no_rbac_wildcards.observations
import data.lib.testing
import rego.v1

role(rule) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", "Role", "app", {"rules": [rule]})])

named := {"apiGroups": [""], "resources": ["endpoints"], "verbs": ["watch"]}

denied(change) := findings if {
	findings := {[seen.path, seen.value] | some seen in deny} with input as role(object.union(named, change))
}

test_a_rule_that_names_everything_holds if {
	testing.verdicts(observations) == {
		["rules[0].apiGroups", true],
		["rules[0].resources", true],
		["rules[0].verbs", true],
	} with input as role(named)
}

test_a_wildcard_is_denied if {
	deny == {{
		"subject": "rbac.authorization.k8s.io/v1/Role/here/app",
		"path": "rules[0].verbs",
		"value": ["*"],
		"expected": "a list without \"*\"",
		"holds": false,
		"message": "Role \"app\" sets rules[0].verbs to [\"*\"]",
		"msg": concat(" ", [
			"rbac.authorization.k8s.io/v1/Role/here/app: rules[0].verbs:",
			"Role \"app\" sets rules[0].verbs to [\"*\"]",
		]),
	}} with input as role(object.union(named, {"verbs": ["*"]}))
	denied({"resources": ["pods", "*"]}) == {["rules[0].resources", ["pods", "*"]]}
	denied({"resources": ["pods/*"]}) == {["rules[0].resources", ["pods/*"]]}
	denied({"apiGroups": ["*"]}) == {["rules[0].apiGroups", ["*"]]}
}

test_a_list_that_is_absent_or_unreadable_is_denied if {
	denied({"verbs": null}) == {["rules[0].verbs", null]}
	denied({"verbs": []}) == {["rules[0].verbs", []]}
	denied({"verbs": "watch"}) == {["rules[0].verbs", "watch"]}
	denied({"verbs": [5]}) == {["rules[0].verbs", [5]]}
	{seen.path | some seen in deny} == {"rules[0].apiGroups", "rules[0].resources", "rules[0].verbs"} with input as role("text")
}

test_rules_for_urls_are_looked_at if {
	testing.verdicts(observations) == {["rules[0].verbs", true], ["rules[0].nonResourceURLs", true]} with input as role({
		"nonResourceURLs": ["/metrics"],
		"verbs": ["get"],
	})
	{seen.value | some seen in deny} == {["/metrics/*"]} with input as role({"nonResourceURLs": ["/metrics/*"], "verbs": ["get"]})
}

test_cluster_roles_are_looked_at if {
	{seen.path | some seen in deny} == {"rules[0].verbs"} with input as testing.given([testing.object_of(
		"rbac.authorization.k8s.io/v1",
		"ClusterRole",
		"app",
		{"rules": [object.union(named, {"verbs": ["*"]})]},
	)])
}
