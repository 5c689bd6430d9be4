# METADATA
# title: Inputs for tests
# description: Small objects in the shape that the rules read, and a short form of what the rules saw.
package lib.testing

import rego.v1

# What the rules are given for a list of objects.
given(objects) := {"resources": objects}

# The same for a version of Kubernetes.
at(version, objects) := {"resources": objects, "parameters": {"kubernetes_version": version}}

# {[path, holds]} of observations of one object, for tests that ask no more.
verdicts(observations) := {[seen.path, seen.holds] | some seen in observations}

# A Deployment "app" in the namespace "here" with this pod spec.
deployment(spec) := workload("apps/v1", "Deployment", spec)

job(spec) := workload("batch/v1", "Job", spec)

workload(version, kind, spec) := {
	"apiVersion": version,
	"kind": kind,
	"metadata": {"name": "app", "namespace": "here"},
	"spec": {"template": {
		"metadata": {"labels": {"app": "app"}},
		"spec": spec,
	}},
}

cron_job(spec) := {
	"apiVersion": "batch/v1",
	"kind": "CronJob",
	"metadata": {"name": "app", "namespace": "here"},
	"spec": {"jobTemplate": {"spec": {"template": {
		"metadata": {"labels": {"app": "app"}},
		"spec": spec,
	}}}},
}

# An object of another kind, with the fields beside its metadata.
object_of(version, kind, name, fields) := object.union(fields, {
	"apiVersion": version,
	"kind": kind,
	"metadata": {"name": name, "namespace": "here"},
})

# The input of one Deployment with the container "main", of these fields.
container(fields) := given([deployment({"containers": [named("main", fields)]})])

# The input of one Deployment whose pod and whose container "main" have these securityContexts.
contexts(of_pod, of_container) := given([with_contexts(of_pod, of_container)])

with_contexts(of_pod, of_container) := deployment({
	"securityContext": of_pod,
	"containers": [named("main", {"securityContext": of_container})],
})

# The same container in each list that a pod may have, in a Deployment and in a CronJob.
containers_everywhere(fields) := given([
	deployment({
		"initContainers": [named("first", fields)],
		"containers": [named("main", {})],
		"ephemeralContainers": [named("debug", fields)],
	}),
	cron_job({"containers": [named("main", fields)]}),
])

named(name, fields) := object.union({"name": name}, fields)

# The input of one SpiceDB server with these variables and other fields of its container.
server(variables, fields) := given([deployment({"containers": [serving(variables, fields)]})])

serving(variables, fields) := object.union({"name": "spicedb", "args": ["serve"], "env": env(variables)}, fields)

migrating(variables, fields) := object.union(
	{"name": "migrate", "args": ["datastore", "migrate", "head"], "env": env(variables)},
	fields,
)

# Variables as a list: a text is a literal value, an object is a valueFrom.
env(variables) := [variable |
	some name, value in variables
	variable := _variable(name, value)
]

_variable(name, value) := {"name": name, "valueFrom": value} if is_object(value)

_variable(name, value) := {"name": name, "value": value} if not is_object(value)

secret_key(name, key) := {"secretKeyRef": {"name": name, "key": key}}
