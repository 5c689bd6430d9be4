# METADATA
# title: Prometheus' monitors
# description: >-
#   The ServiceMonitors and PodMonitors of the Prometheus operator, and which declared ports they scrape.
package lib.monitors

import data.lib.kubernetes
import data.lib.selectors
import rego.v1

# Every endpoint: {monitor, field, spec, reached (the declared ports that it scrapes, each {subject, port})}.
endpoints := array.concat(_of_services, _of_pods)

_of_services := [endpoint |
	some monitor in kubernetes.of_kind("monitoring.coreos.com", "ServiceMonitor")
	spec := kubernetes.map(monitor.object, "spec")
	some index, entry in kubernetes.entries(spec, "endpoints")
	settings := kubernetes.as_map(entry)
	endpoint := {
		"monitor": monitor,
		"field": sprintf("spec.endpoints[%d]", [index]),
		"spec": settings,
		"reached": [landing |
			some port in data.lib.ports.service_ports
			_looks_into(monitor, port.service.namespace)
			selectors.matches(object.get(spec, "selector", null), port.service.labels)
			_names(settings, port.name, port.target)
			some landing in port.reached
		],
	}
]

_of_pods := [endpoint |
	some monitor in kubernetes.of_kind("monitoring.coreos.com", "PodMonitor")
	spec := kubernetes.map(monitor.object, "spec")
	some index, entry in kubernetes.entries(spec, "podMetricsEndpoints")
	settings := kubernetes.as_map(entry)
	endpoint := {
		"monitor": monitor,
		"field": sprintf("spec.podMetricsEndpoints[%d]", [index]),
		"spec": settings,
		"reached": [{"subject": pod.subject, "port": port} |
			some pod in data.lib.kubernetes.pods
			_looks_into(monitor, pod.namespace)
			selectors.matches(object.get(spec, "selector", null), pod.labels)
			some port in pod.ports
			_names(settings, port.name, port.number)
		],
	}
]

# By the name of the port, or by what it leads to.
_names(settings, name, target) if {
	settings.port == name
} else if {
	settings.targetPort == target
} else if {
	settings.portNumber == target
}

_looks_into(monitor, namespace) if {
	choice := kubernetes.map(kubernetes.map(monitor.object, "spec"), "namespaceSelector")
	_chooses(choice, monitor.namespace, namespace)
}

_chooses(choice, own, namespace) if {
	choice.any == true
} else if {
	namespace in kubernetes.entries(choice, "matchNames")
} else if {
	kubernetes.entries(choice, "matchNames") == []
	own == namespace
}
