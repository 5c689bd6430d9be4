# METADATA
# title: Certificates and keys are mounted from Secrets
# description: >-
#   A path to a certificate, key or CA is worth something only if a file lies there. Each such path of a SpiceDB
#   container must lie inside a mounted volume whose content is a Secret, and not in a subPath mount, which
#   never sees a renewed certificate.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Mount the Secret that holds the file at the directory of the path, without subPath. The chart does so for
#     every Secret named under config.tls and config.dispatch.
#   parameters: []
package transport.tls_material_mounted

import data.lib.credentials
import data.lib.mounts
import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains _observed(container, source.field, source.name, path) if {
	some container in data.lib.spicedb.containers
	some source in container.sources
	endswith(source.name, "_PATH")
	regex.match(`^SPICEDB_.*_(TLS_CERT|TLS_KEY|CA|CA_OVERRIDE)_PATH$`, source.name)
	path := spicedb.value(container, source.name)

	# Which SpiceDB takes as none.
	path != ""
}

observations contains _observed(container, source.field, source.name, path) if {
	some container in data.lib.spicedb.containers
	some name in ["PGSSLCERT", "PGSSLKEY", "SSL_CERT_FILE"]
	source := spicedb.setting(container, name)
	path := spicedb.value(container, name)
}

# The URI may name the datastore's CA instead of the environment.
observations contains _observed(connection.container, root.field, "the datastore's CA", root.value) if {
	some connection in data.lib.datastore.connections
	root := connection.root_certificate
	root.value != null
}

_observed(container, field, name, path) := observation.saying(
	container, field, shown, "a file of a mounted Secret, without subPath", place == "a file of a mounted Secret",
	sprintf("has %v at %v, %v", [name, shown, place]),
) if {
	place := _place(container, path)
	shown := credentials.safe(path)
}

_place(container, path) := _verdict(mount, path) if {
	is_string(path)
	mount := mounts.covering(container, path)
} else := "which no mount covers"

_verdict(mount, path) := "which is mounted with subPath" if {
	mount.subpath
} else := sprintf("which lies in a volume of type %v", [concat(", ", mount.volume.kinds)]) if {
	not mount.volume.secret
} else := "which is not among the keys that the volume brings" if {
	mount.volume.items != []
	not substring(path, count(mount.directory), -1) in mount.volume.items
} else := "a file of a mounted Secret"

deny contains finding if some finding in observation.failures(observations)
