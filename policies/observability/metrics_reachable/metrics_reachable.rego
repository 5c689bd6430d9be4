# METADATA
# title: Metrics can be scraped
# description: >-
#   A server whose metrics no Service leads to is not watched. Where SpiceDB serves metrics, its container must
#   declare the port and a Service that selects the pod must have a port that leads there.
# custom:
#   severity: low
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Declare the port metrics and give a Service a port for it; the chart puts it on the headless Service.
#   parameters: []
package observability.metrics_reachable

import data.lib.observation
import data.lib.tls
import rego.v1

observations contains observation.saying(server, "ports", declared, "a port for metrics", declared != [], sentence) if {
	some server in _measured
	declared := [port.number | some port in server.pod.ports; _for_metrics(port)]
	sentence := sprintf("declares %d ports for metrics", [count(declared)])
}

observations contains observation.saying(server, "ports", names, "a Service port that leads to metrics", names != [], sentence) if {
	some server in _measured
	names := sort([port.service.name |
		some port in data.lib.ports.service_ports
		some landing in port.reached
		landing.subject == server.subject
		_for_metrics(landing.port)
	])
	sentence := sprintf("is reached for metrics through %d Services", [count(names)])
}

_measured := [server | some server in data.lib.spicedb.servers; tls.listens(server, "metrics")]

_for_metrics(port) if {
	port.name == "metrics"
} else if {
	port.number == data.lib.tls.listeners.metrics.port
}

warn contains finding if some finding in observation.failures(observations)
