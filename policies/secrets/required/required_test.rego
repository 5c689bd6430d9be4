package secrets.required_test

import data.lib.testing
import data.secrets.required.deny
import data.secrets.required.observations
import rego.v1

key(optional) := {"secretKeyRef": {"name": "s", "key": "k", "optional": optional}}

denied(fields, volumes) := found if {
	found := {[seen.path, seen.value] | some seen in deny} with input as testing.given([testing.deployment({
		"containers": [testing.named("main", fields)],
		"volumes": volumes,
	})])
}

test_references_that_are_not_optional_hold if {
	observations == {
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.containers[0].env",
			"value": [],
			"expected": [],
			"holds": true,
			"message": "container \"main\" starts without 0 Secrets if they are missing",
		},
		{
			"subject": "apps/v1/Deployment/here/app",
			"path": "spec.template.spec.volumes[0]",
			"value": false,
			"expected": false,
			"holds": true,
			"message": "the pod template has the volume \"tls\" of Secrets, which may not be missing",
		},
	} with input as testing.given([testing.deployment({
		"containers": [testing.named("main", {"env": testing.env({"A": testing.secret_key("s", "k"), "B": key(false)})})],
		"volumes": [{"name": "tls", "secret": {"secretName": "s"}}],
	})])
}

test_an_optional_key_or_secret_is_denied if {
	denied({"env": testing.env({"A": key(true), "B": key("true")})}, []) == {["spec.template.spec.containers[0].env", ["A", "B"]]}
	denied({"envFrom": [{"secretRef": {"name": "s", "optional": true}}]}, []) == {["spec.template.spec.containers[0].env", ["s"]]}
	denied({"env": [{"valueFrom": key(true)}]}, []) == {["spec.template.spec.containers[0].env", ["unreadable"]]}
}

test_an_optional_volume_is_denied if {
	denied({}, [{"name": "tls", "secret": {"secretName": "s", "optional": true}}]) == {["spec.template.spec.volumes[0]", true]}
	denied({}, [{"name": "tls", "projected": {"sources": [{"secret": {"name": "s", "optional": true}}]}}]) == {["spec.template.spec.volumes[0]", true]}
	denied({}, [{"name": "tls", "projected": {"sources": [{"secret": {"name": "s"}}]}}]) == set()
}

test_a_config_map_may_be_missing if {
	denied({"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "optional": true}}}]}, [{
		"name": "c",
		"configMap": {"name": "c", "optional": true},
	}]) == set()
}

test_unreadable_variables_refer_to_nothing if denied({"env": "A", "envFrom": [5]}, "v") == set()

test_init_containers_and_cron_jobs_are_looked_at if {
	count(deny) == 3 with input as testing.containers_everywhere({"env": testing.env({"A": key(true)})})
}
