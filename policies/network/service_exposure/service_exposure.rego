# METADATA
# title: Services stay inside the cluster
# description: >-
#   A NodePort or LoadBalancer Service, or an external address, opens SpiceDB to networks that no NetworkPolicy
#   of the cluster speaks of. A LoadBalancer is accepted only with source ranges narrower than the whole address
#   space.
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
	ranges := kubernetes.entries(service.object.spec, "loadBalancerSourceRanges")
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
		is_string(range)
		not regex.match(`/0+$`, range)
	}
}

_external(service) := kubernetes.entries(service.object.spec, "externalIPs")

deny contains finding if some finding in observation.failures(observations)
