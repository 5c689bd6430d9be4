# METADATA
# title: NetworkPolicies let SpiceDB's pods dispatch to each other
# description: >-
#   Pods that serve dispatch send each other parts of a check. A policy that governs them and leaves the dispatch port
#   out, in either direction, makes checks hang while every pod stays ready. Where a pod is governed, a rule must let
#   the pods with its own labels in, and out, at port 50053. A pod that no policy governs is network.pods_selected's.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Allow the dispatch port between the server's own pods, for ingress and for egress. The chart's NetworkPolicy does
#     so with config.dispatch.enabled.
#   parameters: []
package network.dispatch_reachable

import data.lib.networks
import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(pod.metadata, "labels", opened, expected, opened != [], sentence) if {
	some server in data.lib.spicedb.servers
	tls.listens(server, "dispatch")
	pod := server.pod
	some direction in ["Ingress", "Egress"]
	rules := data.lib.networks.governing[direction][pod.subject]
	opened := [rule.policy.name | some rule in rules; _dispatches(rule, pod)]
	expected := sprintf("a NetworkPolicy for %v between the server's pods at the dispatch port", [direction])
	sentence := sprintf("is let through to its peers for %v by %d rules of NetworkPolicies", [direction, count(opened)])
}

_dispatches(rule, pod) if {
	networks.lets(rule, pod)
	_opens(rule, pod)
}

_opens(rule, _) if networks.opens(rule, data.lib.tls.listeners.dispatch.port)

_opens(rule, pod) if {
	some port in pod.ports
	port.number == data.lib.tls.listeners.dispatch.port
	networks.opens(rule, port.name)
}

deny contains finding if some finding in observation.failures(observations)
