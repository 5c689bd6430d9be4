package network.service_exposure_test

import data.lib.testing
import data.network.service_exposure.deny
import data.network.service_exposure.observations
import rego.v1

service(spec) := testing.given([testing.object_of("v1", "Service", "app", {"spec": spec})])

holds(spec) := verdicts if {
	verdicts := {seen.holds | some seen in observations} with input as service(spec)
}

test_a_service_of_the_cluster_holds if {
	observations == {{
		"subject": "v1/Service/here/app",
		"path": "spec.type",
		"value": "ClusterIP",
		"expected": "ClusterIP, or LoadBalancer with narrow source ranges",
		"holds": true,
		"message": "Service \"app\" is of type \"ClusterIP\" with 0 source ranges and 0 external addresses",
	}} with input as service({})
}

test_a_load_balancer_for_known_networks_holds if {
	holds({"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8", "192.0.2.0/24", "fc00::/7"]}) == {true}
}

test_other_services_are_denied if {
	every spec in [
		{"type": "NodePort"},
		{"type": "NodePort", "loadBalancerSourceRanges": ["10.0.0.0/8"]},
		{"type": "ExternalName"},
		{"type": 5},
		{"type": "LoadBalancer"},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": []},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": ["0.0.0.0/0"]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": ["0.0.0.0/1", "128.0.0.0/1"]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/00"]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": ["2000::/3"]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8", "::/0"]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": [null]},
		{"type": "LoadBalancer", "loadBalancerSourceRanges": "10.0.0.0/8"},
		{"externalIPs": ["192.0.2.1"]},
	] {
		holds(spec) == {false}
	}
}

test_an_external_address_beside_source_ranges_is_denied if {
	{seen.message | some seen in deny} == {
		"Service \"app\" is of type \"LoadBalancer\" with 1 source ranges and 1 external addresses",
	} with input as service({
		"type": "LoadBalancer",
		"loadBalancerSourceRanges": ["10.0.0.0/8"],
		"externalIPs": ["192.0.2.1"],
	})
}

test_a_service_without_a_spec_is_one_of_the_cluster if {
	{seen.holds | some seen in observations} == {true} with input as testing.given([testing.object_of("v1", "Service", "app", {})])
}
