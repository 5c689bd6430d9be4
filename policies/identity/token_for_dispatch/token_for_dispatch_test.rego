package identity.token_for_dispatch_test

import data.identity.token_for_dispatch.deny
import data.identity.token_for_dispatch.observations
import data.lib.testing
import rego.v1

dispatching := {"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch"}

mount := {"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount/"}

projected(file) := {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": file}}]}}

pod(fields) := testing.deployment(object.union(
	{
		"serviceAccountName": "runner",
		"automountServiceAccountToken": false,
		"volumes": [projected("token")],
		"containers": [testing.serving(dispatching, {"volumeMounts": [mount]})],
	},
	fields,
))

role(rule) := testing.object_of("rbac.authorization.k8s.io/v1", "Role", "runner", {"rules": [rule]})

binding := testing.object_of("rbac.authorization.k8s.io/v1", "RoleBinding", "runner", {
	"roleRef": {"kind": "Role", "name": "runner"},
	"subjects": [{"kind": "ServiceAccount", "name": "runner", "namespace": "here"}],
})

watch := {"apiGroups": [""], "resources": ["endpoints"], "verbs": ["get", "watch"], "resourceNames": ["spicedb"]}

denied(objects) := findings if {
	findings := {[seen.path, seen.value] | some seen in deny} with input as testing.given(objects)
}

account := "spec.template.spec.serviceAccountName"

test_a_token_and_the_right_to_watch_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].volumeMounts",
			"value": ["token"],
			"expected": ["token"],
			"holds": true,
			"message": "container \"spicedb\" finds 1 tokens in /var/run/secrets/kubernetes.io/serviceaccount/",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.serviceAccountName",
			"value": [["spicedb"]],
			"expected": [["spicedb"]],
			"holds": true,
			"message": concat(" ", [
				"the pod template may watch endpoints by 1 rules bound to the ServiceAccount \"runner\",",
				"each for its own Service only",
			]),
		},
	} with input as testing.given([pod({}), role(watch), binding])
}

test_the_token_that_kubernetes_mounts_holds if {
	denied([pod({"automountServiceAccountToken": true, "volumes": []}), role(watch), binding]) == set()
}

test_no_token_is_denied if {
	nothing := {["spec.template.spec.containers[0].volumeMounts", []]}
	denied([pod({"volumes": []}), role(watch), binding]) == nothing
	elsewhere := testing.serving(dispatching, {"volumeMounts": [{"name": "token", "mountPath": "/token"}]})
	denied([pod({"containers": [elsewhere]}), role(watch), binding]) == nothing
}

test_a_token_of_another_name_is_denied if {
	denied([pod({"volumes": [projected("jwt")]}), role(watch), binding]) == {[
		"spec.template.spec.containers[0].volumeMounts",
		["jwt"],
	]}
}

test_no_right_is_denied if {
	denied([pod({})]) == {[account, []]}
	denied([pod({}), role(watch)]) == {[account, []]}
	denied([pod({"serviceAccountName": "other"}), role(watch), binding]) == {[account, []]}
	every change in [{"verbs": ["get", "list"]}, {"resources": ["endpointslices"]}, {"apiGroups": ["discovery.k8s.io"]}] {
		denied([pod({}), role(object.union(watch, change)), binding]) == {[account, []]}
	}
}

test_a_right_on_other_endpoints_is_denied if {
	denied([pod({}), role(object.union(watch, {"resourceNames": ["other"]})), binding]) == {[account, [["other"]]]}
	denied([pod({}), role(object.union(watch, {"resourceNames": ["spicedb", "other"]})), binding]) == {[
		account,
		[["spicedb", "other"]],
	]}
	denied([pod({}), role(object.remove(watch, ["resourceNames"])), binding]) == {[account, [[]]]}
}

test_a_wildcard_grants_the_right_too if {
	denied([pod({}), role(object.union(watch, {"verbs": ["*"]})), binding]) == set()
}

test_a_pod_that_does_not_dispatch_is_not_looked_at if {
	observations == set() with input as testing.server({}, {})
}
