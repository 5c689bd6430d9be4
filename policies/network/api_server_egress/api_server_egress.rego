# METADATA
# title: NetworkPolicies let dispatch reach the API server
# description: >-
#   A server whose upstream address begins with kubernetes: asks the API server for its peers. A policy that governs its
#   egress and leaves the API server out makes checks hang, while every pod stays ready. A port of the API server, one
#   of the parameter api_server_ports, must be open to it: policies apply after the Service's address is translated, so
#   the API server's own port counts. A pod that no policy governs is network.pods_selected's.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set networkPolicy.apiServer.to to the addresses of the API server's nodes, or config.dispatch.discovery to dns.
#   parameters: [api_server_ports]
package network.api_server_egress

import data.lib.networks
import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.saying(pod.metadata, "labels", opened, expected, opened != [], sentence) if {
	ports := parameters.texts("api_server_ports")
	expected := sprintf("a NetworkPolicy that lets the pod reach one of the ports %v", [concat(", ", ports)])
	numbers := [to_number(port) | some port in ports; regex.match(`^[0-9]+$`, port)]
	some dispatcher in data.lib.discovery.dispatchers
	pod := dispatcher.server.pod
	rules := data.lib.networks.governing.Egress[pod.subject]
	opened := [rule.policy.name | some rule in rules; _opens_one(rule, numbers)]
	sentence := sprintf("reaches the API server by %d rules of NetworkPolicies", [count(opened)])
}

observations contains parameters.missing(pod.metadata, "labels", "api_server_ports") if {
	not parameters.texts("api_server_ports")
	some dispatcher in data.lib.discovery.dispatchers
	pod := dispatcher.server.pod
}

_opens_one(rule, numbers) if {
	some number in numbers
	networks.opens(rule, number)
}

deny contains finding if some finding in observation.failures(observations)
