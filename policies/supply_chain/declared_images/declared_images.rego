# METADATA
# title: Only declared programs run
# description: >-
#   A registry that is trusted for one image holds many others. Each container must run a repository that the parameter
#   declared_images names: by its whole name, or by its end, so that a mirror's copy counts as the same program. A
#   container that nobody declared is found, whatever registry it comes from.
# custom:
#   severity: medium
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Leave the container out, or, once it is reviewed, add its repository to declared_images in the parameters.
#   parameters: [declared_images]
package supply_chain.declared_images

import data.lib.observation
import data.lib.parameters
import rego.v1

observations contains observation.of(used.container, "image", used.image, declared, holds) if {
	declared := parameters.texts("declared_images")
	some used in data.lib.images.used
	holds := _known(used.repository, declared)
}

observations contains parameters.missing(used.container, "image", "declared_images") if {
	not parameters.texts("declared_images")
	some used in data.lib.images.used
}

_known(repository, declared) if {
	repository in declared
} else if {
	some name in declared
	endswith(repository, concat("", ["/", name]))
} else := false

deny contains finding if some finding in observation.failures(observations)
