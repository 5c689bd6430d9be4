# METADATA
# title: Images are pinned by digest
# description: >-
#   A tag can be moved to another image; a digest cannot. Each container's image must be named with its sha256
#   digest, so that what was reviewed is what runs.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set image.digest to the sha256 digest of the image.
#   parameters: []
package supply_chain.image_digest

import data.lib.observation
import rego.v1

observations contains observation.of(used.container, "image", used.image, "a sha256 digest", used.pinned) if {
	some used in data.lib.images.used
}

deny contains finding if some finding in observation.failures(observations)
