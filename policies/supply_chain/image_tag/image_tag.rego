# METADATA
# title: Images have a fixed version
# description: >-
#   An image without a tag, or with latest, is another program after each pull, and nobody can say later what
#   ran. A tag other than latest is asked of every container, or a digest without a tag; latest beside a digest
#   says what is not so.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Leave image.tag empty for the chart's appVersion, or set a version; better, set image.digest.
#   parameters: []
package supply_chain.image_tag

import data.lib.observation
import rego.v1

observations contains observation.of(used.container, "image", used.image, expected, _fixed(used)) if {
	some used in data.lib.images.used
	expected := "a tag other than latest, or a digest alone"
}

_fixed(used) if {
	not used.tag in {"", "latest"}
} else if {
	used.tag == ""
	used.pinned
} else := false

deny contains finding if some finding in observation.failures(observations)
