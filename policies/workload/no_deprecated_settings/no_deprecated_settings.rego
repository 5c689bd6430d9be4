# METADATA
# title: No setting is one that SpiceDB has given up
# description: >-
#   SpiceDB keeps the flags that it has given up for a while: most do nothing any more, and with a later version they are gone,
#   without a word in both cases. Each SPICEDB_ setting is looked up among the flags of its version; what that version calls
#   deprecated does not hold, with SpiceDB's own words.
# custom:
#   severity: low
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Remove the setting, or use what SpiceDB names in its place.
#   parameters: []
package workload.no_deprecated_settings

import data.lib.observation
import rego.v1

observations contains observation.saying(looked.container, "env", [], [], true, sentence) if {
	some looked in data.lib.inventory.containers
	_given_up(looked) == []
	sentence := sprintf("sets %d settings, none of which SpiceDB %v has given up", [count(looked.settings), looked.container.version])
}

observations contains observation.saying(looked.container, old.field, old.name, "a setting in use", false, sentence) if {
	some looked in data.lib.inventory.containers
	some old in _given_up(looked)
	sentence := sprintf("sets %v, of which SpiceDB %v says: %v", [old.name, looked.container.version, old.says])
}

_given_up(looked) := [{"field": source.field, "name": source.name, "says": flag.deprecated} |
	some index, source in looked.settings
	flag := looked.flags[index]
	flag.deprecated != ""
]

warn contains finding if some finding in observation.failures(observations)
