package identity.no_secrets_access_test

import data.identity.no_secrets_access.deny
import data.identity.no_secrets_access.observations
import data.lib.testing
import rego.v1

role(rule) := testing.given([testing.object_of("rbac.authorization.k8s.io/v1", "ClusterRole", "app", {"rules": [rule]})])

verbs(rule) := values if {
	values := {seen.value | some seen in deny} with input as role(rule)
}

test_a_rule_on_other_resources_holds if {
	observations == {{
		"subject": "rbac.authorization.k8s.io/v1/ClusterRole/here/app",
		"path": "rules[0]",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "ClusterRole \"app\" reads Secrets by 0 verbs",
	}} with input as role({"resources": ["endpoints"], "verbs": ["watch"]})
}

test_reading_secrets_is_denied if {
	verbs({"resources": ["secrets"], "verbs": ["get", "create"]}) == {["get"]}
	verbs({"resources": ["pods", "secrets"], "verbs": ["list", "watch"]}) == {["list", "watch"]}
	verbs({"resources": ["secrets"], "verbs": ["*"]}) == {["*"]}
	verbs({"resources": ["secrets"], "verbs": ["get"], "resourceNames": ["one"]}) == {["get"]}
}

test_writing_a_secret_is_another_right if verbs({"resources": ["secrets"], "verbs": ["create"]}) == set()

test_what_can_not_be_read_reads_nothing if {
	verbs({"resources": "secrets", "verbs": ["get"]}) == set()
	verbs({"resources": ["secrets"], "verbs": [5]}) == set()
	verbs({"resources": ["secrets"]}) == set()
}
