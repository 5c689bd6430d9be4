package availability.jobs_bounded_test

import data.availability.jobs_bounded.observations
import data.availability.jobs_bounded.warn
import data.lib.testing
import rego.v1

plain := {"containers": [{"name": "main"}]}

migration(timeout) := {"containers": [testing.migrating({"SPICEDB_MIGRATION_TIMEOUT": timeout}, {})]}

job(deadline, spec) := object.union(testing.job(spec), {"spec": {"activeDeadlineSeconds": deadline}})

expected(object) := found if {
	found := {seen.expected | some seen in warn} with input as testing.given([object])
}

test_a_deadline_holds if {
	observations == {{
		"subject": "batch/v1/Job/here/app",
		"path": "spec.activeDeadlineSeconds",
		"value": 7200,
		"expected": "a deadline of 3600 seconds or more",
		"holds": true,
		"message": "Job \"app\" is given 7200 seconds to end",
	}} with input as testing.given([job(7200, migration("1h"))])
	expected(job(1, plain)) == set()
}

test_the_pods_own_deadline_counts if {
	expected(testing.job(object.union(plain, {"activeDeadlineSeconds": 60}))) == set()
}

test_no_deadline_is_warned_of if {
	expected(testing.job(plain)) == {"a deadline of 1 seconds or more"}
	expected(job("3600", plain)) == {"a deadline of 1 seconds or more"}
	expected(testing.job("text")) == {"a deadline of 1 seconds or more"}
}

test_a_deadline_in_the_middle_of_a_migration_is_warned_of if {
	expected(job(60, migration("10m"))) == {"a deadline of 600 seconds or more"}
	expected(job(3599, migration("soon"))) == {"a deadline of 3600 seconds or more"}
	expected(job(3599, migration(null))) == {"a deadline of 3600 seconds or more"}
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in warn} == {"spec.jobTemplate.spec.activeDeadlineSeconds"} with input as testing.given([testing.cron_job(plain)])
	within := {"spec": {"jobTemplate": {"spec": {"activeDeadlineSeconds": 9}}}}
	expected(object.union(testing.cron_job(plain), within)) == set()
}

test_other_workloads_are_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment(plain)])
}
