# METADATA
# title: Images come from known places
# description: >-
#   Whoever controls the registry controls the program. Each container's image must come from a registry, or
#   from a repository below a path, that the parameter image_registries names.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set image.repository to a repository in a known registry, or add yours to image_registries in the
#     parameters.
#   parameters: [image_registries]
package supply_chain.image_registry

import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.of(used.container, "image", used.image, registries, holds) if {
	registries := parameters.texts("image_registries")
	some used in data.lib.images.used
	holds := _known(used, registries)
}

observations contains parameters.missing(used.container, "image", "image_registries") if {
	not parameters.texts("image_registries")
	some used in data.lib.images.used
}

_known(used, registries) if {
	used.registry in registries
} else if {
	some registry in registries
	startswith(used.repository, concat("", [registry, "/"]))
} else := false

deny contains finding if some finding in observation.failures(observations)
