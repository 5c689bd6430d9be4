# METADATA
# title: Monitors scrape something
# description: >-
#   A ServiceMonitor or PodMonitor whose selector, namespaces or port fit nothing is accepted without a word, and no
#   metric and no alert ever comes. Each endpoint of a monitor must reach a port that a pod of the rendering declares.
# custom:
#   severity: low
#   kinds: [ServiceMonitor, PodMonitor]
#   remediation: >-
#     Give the monitor the labels and the namespace of the Service or the pods, and the name of their port for metrics.
#     The chart does so with monitoring.serviceMonitor and monitoring.podMonitor.
#   parameters: []
package observability.monitor_selects

import data.lib.observation
import rego.v1

observations contains observation.saying(endpoint.monitor, endpoint.field, scraped, "a declared port", scraped != [], sentence) if {
	some endpoint in data.lib.monitors.endpoints
	scraped := sort([landing.port.number | some landing in endpoint.reached])
	sentence := sprintf("scrapes %d ports", [count(scraped)])
}

warn contains finding if some finding in observation.failures(observations)
