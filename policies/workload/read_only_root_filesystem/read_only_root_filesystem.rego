# METADATA
# title: Root filesystems are read-only
# description: >-
#   With a read-only root filesystem nobody can put a program into a running container or change one that is
#   there. SpiceDB writes no files, so nothing is lost. Kubernetes leaves the filesystem writable where the
#   field is left out.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set securityContext.readOnlyRootFilesystem of each container to true. The chart always does.
#   parameters: []
package workload.read_only_root_filesystem

import data.lib.observation
import rego.v1

observations contains observation.of(container, "securityContext.readOnlyRootFilesystem", value, true, holds) if {
	some container in data.lib.kubernetes.containers
	value := object.get(container.spec, ["securityContext", "readOnlyRootFilesystem"], null)
	holds := value in {true}
}

deny contains finding if some finding in observation.failures(observations)
