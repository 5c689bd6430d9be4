package secrets.named_keys_test

import data.lib.testing
import data.secrets.named_keys.deny
import data.secrets.named_keys.observations
import rego.v1

names(sources) := found if {
	found := {seen.value | some seen in deny} with input as testing.container({"envFrom": sources})
}

test_no_source_holds if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].envFrom",
		"value": [],
		"expected": [],
		"holds": true,
		"message": "container \"main\" takes 0 whole Secrets into its environment",
	}} with input as testing.container({})
}

test_a_config_map_holds if names([{"configMapRef": {"name": "settings"}}]) == set()

test_a_whole_secret_is_denied if {
	names([{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "s"}, "prefix": "A_"}]) == {["s"]}
}

test_what_can_not_be_read_is_denied if {
	every sources in ["s", [5], [{}], [{"secretRef": "s"}], [{"secretRef": {}}]] {
		names(sources) == {["unreadable"]}
	}
}

test_init_containers_and_cron_jobs_are_looked_at if {
	count(deny) == 3 with input as testing.containers_everywhere({"envFrom": [{"secretRef": {"name": "s"}}]})
}
