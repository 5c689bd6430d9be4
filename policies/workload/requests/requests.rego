# METADATA
# title: Containers request CPU and memory
# description: >-
#   The scheduler places pods by their requests; without them a node is overcommitted and its pods are evicted
#   first. Requests are asked for in so many words, though Kubernetes would copy the limits.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set resources.requests.cpu and resources.requests.memory (config.migrations.resources for the migration
#     Job).
#   parameters: []
package workload.requests

import data.lib.observation
import data.lib.quantities
import rego.v1

observations contains observation.of(container, field, value, "a quantity greater than zero", holds) if {
	some container in data.lib.kubernetes.containers
	some resource in ["cpu", "memory"]
	value := object.get(container.spec, ["resources", "requests", resource], null)
	field := concat(".", ["resources.requests", resource])
	holds := quantities.positive(value)
}

deny contains finding if some finding in observation.failures(observations)
