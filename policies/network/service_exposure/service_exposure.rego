# METADATA
# title: Services stay inside the cluster
# description: >-
#   A NodePort or LoadBalancer Service, or an external address, opens SpiceDB to networks that no NetworkPolicy
#   of the cluster speaks of. A LoadBalancer is accepted only with source ranges no wider than a private network
#   (10.0.0.0/8, fc00::/7): two halves of the address space are all of it.
# custom:
#   severity: medium
#   kinds: [Service]
#   remediation: >-
#     Leave service.type at ClusterIP, or name the clients' networks in service.loadBalancerSourceRanges.
#   parameters: []
package network.service_exposure

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(service, "spec.type", service.type, _expected, holds, sentence) if {
	some service in data.lib.ports.services
	ranges := kubernetes.entries(kubernetes.map(service.object, "spec"), "loadBalancerSourceRanges")
	holds := _inside(service, ranges)
	sentence := sprintf("is of type %v with %d source ranges and %d external addresses", [
		observation.shown(service.type),
		count(ranges),
		count(_external(service)),
	])
}

_expected := "ClusterIP, or LoadBalancer with narrow source ranges"

default _inside(_, _) := false

_inside(service, _) if {
	service.type == "ClusterIP"
	_external(service) == []
}

_inside(service, ranges) if {
	service.type == "LoadBalancer"
	_external(service) == []
	count(ranges) > 0
	every range in ranges {
		_narrow(range)
	}
}

# No wider than a private network, as for the peers of NetworkPolicies.
_narrow(range) if {
	is_string(range)
	length := regex.find_all_string_submatch_n(`/([1-9][0-9]{0,2})$`, range, 1)
	to_number(length[0][1]) >= _shortest_prefix[contains(range, ":")]
}

_shortest_prefix := {true: 7, false: 8}

_external(service) := kubernetes.entries(kubernetes.map(service.object, "spec"), "externalIPs")

deny contains finding if some finding in observation.failures(observations)
