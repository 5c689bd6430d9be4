package availability.jobs_bounded_test

import data.availability.jobs_bounded.observations
import data.availability.jobs_bounded.warn
import data.lib.testing
import rego.v1

plain := {"containers": [{"name": "main"}]}

job(deadline, spec) := object.union(testing.job(spec), {"spec": {"activeDeadlineSeconds": deadline}})

paths(object) := found if {
	found := {seen.path | some seen in warn} with input as testing.given([object])
}

test_a_deadline_holds if {
	observations == {{
		"subject": "batch/v1/Job/here/app",
		"path": "spec.activeDeadlineSeconds",
		"value": 7200,
		"expected": "a number of seconds, more than none",
		"holds": true,
		"message": "Job \"app\" is given 7200 seconds to end",
	}} with input as testing.given([job(7200, plain)])
	paths(job(1, plain)) == set()
}

test_the_pods_own_deadline_counts if {
	paths(testing.job(object.union(plain, {"activeDeadlineSeconds": 60}))) == set()
}

test_no_deadline_is_warned_of if {
	paths(testing.job(plain)) == {"spec.activeDeadlineSeconds"}
	paths(job("3600", plain)) == {"spec.activeDeadlineSeconds"}
	paths(job(0, plain)) == {"spec.activeDeadlineSeconds"}
	paths(testing.job("text")) == {"spec.activeDeadlineSeconds"}
}

test_a_cron_job_is_looked_at if {
	{seen.path | some seen in warn} == {"spec.jobTemplate.spec.activeDeadlineSeconds"} with input as testing.given([testing.cron_job(plain)])
	within := {"spec": {"jobTemplate": {"spec": {"activeDeadlineSeconds": 9}}}}
	paths(object.union(testing.cron_job(plain), within)) == set()
}

test_other_workloads_are_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment(plain)])
}
