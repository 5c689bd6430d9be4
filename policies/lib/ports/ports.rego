# METADATA
# title: Container ports and what leads to them
# description: >-
#   Which ports a pod declares, and which of them a Service's targetPort or a NetworkPolicy's port names. Only
#   declared ports count: an undeclared number may work in a cluster, but nobody can review it.
package lib.ports

import data.lib.kubernetes
import rego.v1

# Every port of every Service that selects pods by labels: {service, field, name, target (what it sends to: its targetPort, else its
# own number), reached (the declared ports it lands on, one for each selected pod that has such)}.
service_ports := [port |
	some service in services
	service.selector != {}
	some index, entry in service.ports
	target := _target(entry)
	spoken := protocol(entry)
	port := {
		"service": service,
		"field": sprintf("spec.ports[%d]", [index]),
		"name": kubernetes.text(entry, "name"),
		"target": target,
		"reached": [{"subject": pod.subject, "port": declared} |
			some pod in service.pods
			declared := find(pod, target, spoken)
		],
	}
]

services := [service |
	some resource in kubernetes.of_kind("v1", "Service")
	spec := kubernetes.map(resource.object, "spec")
	selector := kubernetes.map(spec, "selector")
	service := object.union(resource, {
		"type": object.get(spec, "type", "ClusterIP"),
		"selector": selector,
		"pods": [pod |
			some pod in data.lib.kubernetes.pods
			selector != {}
			pod.namespace == resource.namespace
			object.subset(pod.labels, selector)
		],
		"ports": kubernetes.entries(spec, "ports"),
	})
]

# The declared port of a pod that a number or a name leads to; undefined if there is none.
find(pod, wanted, spoken) := found[0] if {
	found := [port |
		some port in pod.ports
		wanted in [port.number, port.name]
		port.protocol == spoken
	]
}

protocol(entry) := object.get(kubernetes.as_map(entry), "protocol", "TCP")

_target(entry) := entry.targetPort if {
	entry.targetPort != null
} else := object.get(kubernetes.as_map(entry), "port", null)
