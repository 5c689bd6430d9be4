# METADATA
# title: All pods together open no more connections than the database takes
# description: >-
#   Each pod keeps a pool for reading and one for writing, 20 and 10 connections where nothing else is set, and a rollout adds
#   pods for a while. (pods at the most + surge) x connections must not be above the parameter max_connections, or the last pods
#   find no connection just when there is most to do. A pool whose size is not visible is not taken for a good one.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Lower config.datastore.connectionPool or the number of pods, or raise the database's limit and max_connections in
#     policies/data.yaml with it.
#   parameters: [max_connections]
package datastore.connection_budget

import data.lib.observation
import data.lib.parameters
import data.lib.pools
import data.lib.quantities
import data.lib.scaling
import data.lib.settings
import rego.v1

observations contains observation.saying(server, pools.field(server), total, expected, holds, sentence) if {
	most := parameters.number("max_connections")
	some server in data.lib.pools.servers
	pods := _pods(server.pod)
	each := pools.connections(server)
	total := _total(pods, each)
	expected := sprintf("at most %v", [most])
	holds := _within(total, most)
	sentence := sprintf("opens %v connections in each of at most %v pods%v", [_shown(each), pods, settings.surely(server, data.lib.pools.names)])
}

observations contains parameters.missing_number(server, "env", "max_connections") if {
	not parameters.number("max_connections")
	some server in data.lib.pools.servers
}

_total(_, null) := null

_total(pods, each) := pods * each if each != null

_within(null, _) := false

_within(total, most) := total <= most if total != null

_shown(null) := "an invisible number of"

_shown(each) := each if each != null

# A rollout replaces pods of a Deployment one surge at a time.
_pods(pod) := most + _surge(pod.resource.object, most) if {
	pod.kind == "Deployment"
	most := scaling.most(pod.resource)
} else := scaling.most(pod.resource)

_surge(deployment, most) := 0 if {
	deployment.spec.strategy.type == "Recreate"
	most >= 0
} else := surge if {
	surge := deployment.spec.strategy.rollingUpdate.maxSurge
	is_number(surge)
} else := ceil((most * percent) / 100) if {
	percent := quantities.share(deployment.spec.strategy.rollingUpdate.maxSurge)
} else := ceil(most / 4)

deny contains finding if some finding in observation.failures(observations)
