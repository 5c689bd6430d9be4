package lib.discovery_test

import data.lib.discovery
import data.lib.testing
import rego.v1

dispatching(address) := testing.server({"SPICEDB_DISPATCH_UPSTREAM_ADDR": address}, {})

found(address) := dispatchers if {
	dispatchers := [[dispatcher.service, dispatcher.namespace, dispatcher.port] |
		some dispatcher in data.lib.discovery.dispatchers
	] with input as dispatching(address)
}

test_the_address_names_service_namespace_and_port if {
	found("kubernetes:///spicedb-headless.there:dispatch") == [["spicedb-headless", "there", "dispatch"]]
}

test_the_namespace_is_the_pods_where_none_is_named if {
	found("kubernetes:///spicedb-headless:dispatch") == [["spicedb-headless", "here", "dispatch"]]
}

test_other_addresses_do_not_use_the_api if {
	every address in ["dns:///spicedb-headless.there:50053", "", 5] {
		found(address) == []
	}
}

test_pods_and_containers_that_dispatch_are_known if {
	containers := [discovery.by_container(container) |
		some container in data.lib.kubernetes.containers
	] with input as dispatching("kubernetes:///spicedb:dispatch")
	pods := [discovery.by_pod(pod) | some pod in data.lib.kubernetes.pods] with input as dispatching("dns:///spicedb:50053")
	[containers, pods] == [[true], [false]]
}

test_a_container_beside_the_one_that_dispatches_does_not if {
	server := testing.serving({"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch"}, {})
	spec := {"initContainers": [{"name": "first"}], "containers": [server]}
	containers := [discovery.by_container(container) |
		some container in data.lib.kubernetes.containers
	] with input as testing.given([testing.deployment(spec)])
	containers == [false, true]
}

test_another_object_at_the_same_path_does_not_dispatch if {
	server := testing.serving({"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch"}, {})
	objects := testing.given([
		testing.deployment({"containers": [server]}),
		testing.job({"containers": [{"name": "main"}]}),
	])
	containers := [discovery.by_container(container) | some container in data.lib.kubernetes.containers] with input as objects
	pods := [discovery.by_pod(pod) | some pod in data.lib.kubernetes.pods] with input as objects
	[containers, pods] == [[true, false], [true, false]]
}
