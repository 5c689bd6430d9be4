# METADATA
# title: Containers have CPU and memory limits
# description: >-
#   A container without a memory limit can take the node's memory, and SpiceDB sizes its caches by the limit it
#   finds: without one, by the node. CPU and memory limits greater than zero are asked of every container.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set resources.limits.cpu and resources.limits.memory (config.migrations.resources for the migration Job).
#   parameters: []
package workload.limits

import data.lib.observation
import data.lib.quantities
import rego.v1

observations contains observation.of(container, field, value, "a quantity greater than zero", holds) if {
	some container in data.lib.kubernetes.containers
	some resource in ["cpu", "memory"]
	value := object.get(container.spec, ["resources", "limits", resource], null)
	field := concat(".", ["resources.limits", resource])
	holds := quantities.positive(value)
}

deny contains finding if some finding in observation.failures(observations)
