package datastore.migration_once_test

import data.datastore.migration_once.deny
import data.datastore.migration_once.observations
import data.lib.testing
import rego.v1

job(fields, variables, args) := object.union(
	testing.job({"containers": [testing.migrating(variables, {"args": args})]}),
	{"spec": object.union({"backoffLimit": 1}, fields)},
)

head := ["datastore", "migrate", "head"]

denied(objects) := found if {
	found := {seen.message | some seen in deny} with input as testing.given(objects)
}

test_one_pod_with_time_enough_holds if {
	{[seen.path, seen.value, seen.holds, seen.message] | some seen in observations} == {
		["spec.template.spec.containers[0].args", "head", true, "container \"migrate\" migrates to \"head\""],
		["spec.template.spec.containers[0].args", "Job", true, "container \"migrate\" migrates in a container of kind Job"],
		["spec.parallelism", 1, true, "Job \"app\" has the parallelism 1"],
		["spec.completions", 1, true, "Job \"app\" has the completions 1"],
		["spec.backoffLimit", 1, true, "Job \"app\" has the backoffLimit 1"],
		[
			"spec.activeDeadlineSeconds",
			600,
			true,
			"Job \"app\" ends after 600 seconds a migration that may take 600",
		],
	} with input as testing.given([job({"activeDeadlineSeconds": 600}, {"SPICEDB_MIGRATION_TIMEOUT": "10m"}, head)])
}

test_several_at_a_time_are_denied if {
	denied([job({"parallelism": 2}, {}, head)]) == {"Job \"app\" has the parallelism 2"}
	denied([job({"completions": 2}, {}, head)]) == {"Job \"app\" has the completions 2"}
	denied([job({"parallelism": "1"}, {}, head)]) == {"Job \"app\" has the parallelism \"1\""}
}

test_many_tries_are_denied_as_kubernetes_own_number_is if {
	denied([job({"backoffLimit": 3}, {}, head)]) == {"Job \"app\" has the backoffLimit 3"}
	denied([testing.job({"containers": [testing.migrating({}, {})]})]) == {"Job \"app\" has the backoffLimit 6"}
}

test_a_deadline_before_the_timeout_is_denied if {
	denied([job({"activeDeadlineSeconds": 600}, {}, head)]) == {"Job \"app\" ends after 600 seconds a migration that may take 3600"}
	count(denied([job({"activeDeadlineSeconds": "600"}, {}, head)])) == 1
	count(denied([job({"activeDeadlineSeconds": 600}, {"SPICEDB_MIGRATION_TIMEOUT": testing.secret_key("s", "k")}, head)])) == 1
}

test_a_target_that_is_not_named_is_denied if {
	denied([job({}, {}, ["datastore", "migrate"])]) == {"container \"migrate\" migrates to nothing"}
	denied([job({}, {}, ["datastore", "migrate", "$(TARGET)"])]) == {"container \"migrate\" migrates to \"$(TARGET)\""}
	denied([job({}, {}, ["datastore", "migrate", 5])]) == {"container \"migrate\" migrates to 5"}
	denied([job({}, {}, ["datastore", "migrate", "populate-schema-tables"])]) == set()
}

test_a_command_counts_too if {
	command := testing.job({"containers": [{"name": "m", "command": ["spicedb", "migrate", "head"], "args": "x"}]})
	deny == set() with input as testing.given([object.union(command, {"spec": {"backoffLimit": 0}})])
}

test_init_containers_and_cron_jobs_are_denied if {
	denied([testing.deployment({"initContainers": [testing.migrating({}, {})]})]) == {"init container \"migrate\" migrates in a container of kind Deployment, before it starts"}
	denied([testing.cron_job({"containers": [testing.migrating({}, {})]})]) == {"container \"migrate\" migrates in a container of kind CronJob"}
}

test_servers_do_not_migrate if observations == set() with input as testing.server({}, {})
