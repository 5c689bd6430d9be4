package identity.service_account_token_test

import data.identity.service_account_token.deny
import data.identity.service_account_token.observations
import data.lib.testing
import rego.v1

token := {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}

mount := {"name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}

dispatching := {"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch"}

pod(fields) := testing.given([testing.deployment(object.union({"containers": [{"name": "main"}]}, fields))])

said := {seen.message | some seen in deny}

test_a_pod_without_a_token_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.automountServiceAccountToken",
		"value": false,
		"expected": false,
		"holds": true,
		"message": "the pod template does not mount a token by itself, and is no SpiceDB that finds its peers by Kubernetes' API",
	}} with input as pod({"automountServiceAccountToken": false})
}

test_a_token_that_kubernetes_mounts_is_denied if {
	said == {"the pod template mounts a token by itself, and is no SpiceDB that finds its peers by Kubernetes' API"} with input as pod({})
	count(deny) == 1 with input as pod({"automountServiceAccountToken": true})
	count(deny) == 1 with input as pod({"automountServiceAccountToken": "false"})
}

test_a_projected_token_is_denied if {
	{[seen.path, seen.value, seen.message] | some seen in deny} == {[
		"spec.template.spec.containers[0].volumeMounts[0]",
		"token",
		"container \"main\" has a token in its volume \"token\", and is no SpiceDB that finds its peers by Kubernetes' API",
	]} with input as pod({
		"automountServiceAccountToken": false,
		"volumes": [token],
		"containers": [{"name": "main", "volumeMounts": [mount]}],
	})
}

test_the_container_that_dispatches_may_have_a_token if {
	deny == set() with input as testing.server(dispatching, {})
	testing.verdicts(observations) == {
		["spec.template.spec.automountServiceAccountToken", true],
		["spec.template.spec.containers[0].volumeMounts[0]", true],
	} with input as pod({
		"automountServiceAccountToken": false,
		"volumes": [token],
		"containers": [testing.serving(dispatching, {"volumeMounts": [mount]})],
	})
}

test_the_init_container_beside_it_may_not if {
	{seen.path | some seen in deny} == {"spec.template.spec.initContainers[0].volumeMounts[0]"} with input as pod({
		"volumes": [token],
		"initContainers": [{"name": "first", "volumeMounts": [mount]}],
		"containers": [testing.serving(dispatching, {"volumeMounts": [mount]})],
	})
}

test_an_upstream_that_is_no_api_needs_no_token if {
	count(deny) == 1 with input as testing.server({"SPICEDB_DISPATCH_UPSTREAM_ADDR": "dns:///spicedb:50053"}, {})
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in deny} == {
		"spec.jobTemplate.spec.template.spec.automountServiceAccountToken",
	} with input as testing.given([testing.cron_job({"containers": [{"name": "main"}]})])
}

test_other_mounts_are_not_looked_at if {
	testing.verdicts(observations) == {
		["spec.template.spec.automountServiceAccountToken", true],
	} with input as pod({
		"automountServiceAccountToken": false,
		"volumes": [{"name": "tls", "secret": {"secretName": "tls"}}],
		"containers": [{"name": "main", "volumeMounts": [{"name": "tls", "mountPath": "/tls"}]}],
	})
}

test_what_is_expected_depends_on_dispatch if {
	{seen.expected | some seen in observations} == {false} with input as pod({})
	{seen.expected | some seen in observations} == {
		"true or false, as a container finds its peers by Kubernetes' API",
	} with input as testing.server(dispatching, {})
}
