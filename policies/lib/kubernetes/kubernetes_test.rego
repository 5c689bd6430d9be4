package lib.kubernetes_test

import data.lib.kubernetes
import data.lib.testing
import rego.v1

service := testing.object_of("v1", "Service", "app", {})

names := [resource.name | some resource in data.lib.kubernetes.resources]

test_an_object_with_resources_is_read if names == ["app"] with input as {"resources": [service]}

test_a_single_object_is_read if names == ["app"] with input as service

test_a_single_object_may_have_a_field_called_resources if {
	names == ["app"] with input as object.union(service, {"resources": [service, service]})
}

test_files_of_one_object_or_of_several_are_read if {
	names == ["app", "app", "app"] with input as [
		{"path": "a.yaml", "contents": service},
		{"path": "b.yaml", "contents": [service, service]},
		{"path": "c.yaml", "contents": "no object"},
	]
}

test_an_array_of_objects_is_read if names == ["app"] with input as [service]

test_lists_are_opened if {
	inner := {"apiVersion": "v1", "kind": "List", "items": [service]}
	outer := {"apiVersion": "v1", "kind": "List", "items": [inner, service]}
	names == ["app", "app"] with input as testing.given([outer])
}

test_what_is_no_object_is_left_out if {
	names == ["app"] with input as testing.given([null, "text", service, 1])
	names == [] with input as null
	names == [] with input as "text"
}

test_an_object_without_metadata_still_has_a_subject if {
	subjects := [resource.subject | some resource in data.lib.kubernetes.resources] with input as testing.given([
		{"kind": "Service"},
		{"apiVersion": "v1", "kind": "Service", "metadata": "text"},
	])
	subjects == ["/Service//", "v1/Service//"]
}

test_a_kind_of_another_group_is_another_kind if {
	objects := testing.given([
		testing.object_of("networking.k8s.io/v1", "NetworkPolicy", "ours", {}),
		testing.object_of("crd.projectcalico.org/v1", "NetworkPolicy", "theirs", {}),
	])
	found := [policy.name | some policy in kubernetes.of_kind("networking.k8s.io", "NetworkPolicy")] with input as objects
	found == ["ours"]
}

test_every_workload_has_pods if {
	spec := {"containers": [{"name": "main"}]}
	prefixes := [container.prefix | some container in data.lib.kubernetes.containers] with input as testing.given([
		{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": spec},
		testing.deployment(spec),
		testing.workload("apps/v1", "StatefulSet", spec),
		testing.workload("apps/v1", "DaemonSet", spec),
		testing.workload("apps/v1", "ReplicaSet", spec),
		testing.workload("v1", "ReplicationController", spec),
		testing.job(spec),
		testing.cron_job(spec),
		testing.workload("example.com/v1", "Deployment", spec),
	])
	prefixes == [
		"spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.template.spec.containers[0].",
		"spec.jobTemplate.spec.template.spec.containers[0].",
	]
}

test_every_list_of_containers_counts if {
	labels := [container.label | some container in data.lib.kubernetes.containers] with input as testing.containers_everywhere({})
	labels == [
		"init container \"first\"",
		"container \"main\"",
		"ephemeral container \"debug\"",
		"container \"main\"",
	]
}

test_a_pod_without_readable_containers_has_one_that_sets_nothing if {
	every spec in [{}, {"containers": []}, {"containers": "text"}, {"containers": [null]}, "text"] {
		found := [container.spec |
			some container in data.lib.kubernetes.containers
		] with input as testing.given([testing.deployment(spec)])
		found == [{}]
	}
}

test_unreadable_init_containers_count_as_one if {
	spec := {"initContainers": "text", "containers": [{"name": "main"}]}
	paths := [container.path |
		some container in data.lib.kubernetes.containers
	] with input as testing.given([testing.deployment(spec)])
	paths == ["spec.template.spec.initContainers[0]", "spec.template.spec.containers[0]"]
}

test_declared_ports_are_those_of_containers_that_serve if {
	spec := {
		"initContainers": [
			{"name": "once", "ports": [{"containerPort": 1}]},
			{"name": "side-car", "restartPolicy": "Always", "ports": [{"containerPort": 2}]},
		],
		"containers": [{"name": "main", "ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"}, null]}],
	}
	found := [pod.ports | some pod in data.lib.kubernetes.pods] with input as testing.given([testing.deployment(spec)])
	found == [[
		{"name": "", "number": 2, "protocol": "TCP"},
		{"name": "dns", "number": 53, "protocol": "UDP"},
	]]
}

test_a_container_decides_before_its_pod if {
	spec := {
		"securityContext": {"runAsUser": 1},
		"containers": [
			{"name": "own", "securityContext": {"runAsUser": 2}},
			{"name": "inherits", "securityContext": {"runAsUser": null}},
		],
	}
	effective := [[seen.target.prefix, seen.value] |
		some container in data.lib.kubernetes.containers
		some field in ["runAsUser", "runAsGroup"]
		seen := kubernetes.effective(container, field)
	] with input as testing.given([testing.deployment(spec)])
	effective == [
		["spec.template.spec.containers[0].", 2],
		["spec.template.spec.containers[0].", null],
		["spec.template.spec.", 1],
		["spec.template.spec.containers[1].", null],
	]
}

test_fields_of_other_shapes_read_as_empty if {
	kubernetes.entries({"list": "text"}, "list") == [null]
	kubernetes.entries({"list": null}, "list") == []
	kubernetes.map({"map": "text"}, "map") == {}
	kubernetes.as_map("text") == {}
	kubernetes.text({"text": 1}, "text") == ""
	kubernetes.texts({"list": ["text", 1]}, "list") == ["text"]
}

test_a_field_called_items_makes_no_list if {
	with_items := object.union(service, {"items": [service]})
	names == ["app"] with input as testing.given([with_items])
	not_listed := {"apiVersion": "v1", "kind": "List", "metadata": {"name": "odd"}, "items": "text"}
	names == ["odd"] with input as testing.given([not_listed])
	nameless := {"apiVersion": "v1", "kind": 5, "metadata": {"name": "odd"}, "items": []}
	names == ["odd"] with input as testing.given([nameless])
}

test_a_list_beside_other_objects_is_opened_and_they_stay if {
	listed := {"apiVersion": "v1", "kind": "ServiceList", "items": [service]}
	other := object.union(service, {"metadata": {"name": "other"}, "items": [service]})
	names == ["app", "other"] with input as testing.given([listed, other])
}

test_resources_that_are_no_list_are_no_objects if {
	names == [] with input as {"resources": {"one": service}}
	names == [] with input as {"resources": "text"}
}
