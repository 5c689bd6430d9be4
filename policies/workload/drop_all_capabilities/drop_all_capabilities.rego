# METADATA
# title: Containers drop all capabilities
# description: >-
#   Container runtimes grant a set of Linux capabilities by default. Every container drops ALL of them and may
#   add NET_BIND_SERVICE at most, as in Kubernetes' Pod Security level restricted, which exempts pods of
#   os.name windows. SpiceDB needs none.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set securityContext.capabilities of each container to {drop [ALL]} and add nothing. The chart always does.
#   parameters: []
#   pod_security: [restricted/capabilities_restricted]
package workload.drop_all_capabilities

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(container, "securityContext.capabilities.drop", value, ["ALL"], holds) if {
	some container in data.lib.kubernetes.containers
	value := object.get(container.spec, ["securityContext", "capabilities", "drop"], null)
	dropped := "ALL" in kubernetes.entries({"drop": value}, "drop")
	holds := true in {dropped, container.pod.windows}
}

observations contains observation.of(container, "securityContext.capabilities.add", value, expected, holds) if {
	some container in data.lib.kubernetes.containers
	value := object.get(container.spec, ["securityContext", "capabilities", "add"], null)
	value != null
	expected := "at most NET_BIND_SERVICE"
	excess := [added | some added in kubernetes.entries({"add": value}, "add"); added != "NET_BIND_SERVICE"]
	holds := true in {excess == [], container.pod.windows}
}

deny contains finding if some finding in observation.failures(observations)
