package identity.dedicated_service_account_test

import data.identity.dedicated_service_account.deny
import data.identity.dedicated_service_account.observations
import data.lib.testing
import rego.v1

pod(fields) := testing.given([testing.deployment(object.union({"containers": [{"name": "main"}]}, fields))])

test_an_account_of_its_own_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.serviceAccountName",
		"value": "runner",
		"expected": "a name other than default",
		"holds": true,
		"message": "the pod template runs as the ServiceAccount \"runner\"",
	}} with input as pod({"serviceAccountName": "runner"})
}

test_the_default_account_is_denied if {
	{seen.message | some seen in deny} == {
		"the pod template runs as the ServiceAccount \"default\"",
	} with input as pod({"serviceAccountName": "default"})
}

test_no_name_is_denied if {
	{seen.value | some seen in deny} == {null} with input as pod({})
	{seen.value | some seen in deny} == {""} with input as pod({"serviceAccountName": ""})
	{seen.value | some seen in deny} == {5} with input as pod({"serviceAccountName": 5})
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in deny} == {"spec.jobTemplate.spec.template.spec.serviceAccountName"} with input as testing.given([
		testing.cron_job({"containers": [{"name": "main"}]}),
	])
}
