# METADATA
# title: Certificates carry the names that SpiceDB is called by
# description: >-
#   A certificate without the name that its callers use fails every call that verifies. Where cert-manager makes the
#   certificate of a listener, it must carry the name in the upstream address for dispatch, and for the other listeners
#   <service>.<namespace>.svc of each Service that leads to them.
# custom:
#   severity: high
#   kinds: [Certificate]
#   remediation: >-
#     Leave the names to certManager.enabled, which derives them, and add further ones in certManager.dnsNames. For a
#     Certificate of your own add the missing name to its dnsNames.
#   parameters: []
package transport.certificate_names

import data.lib.kubernetes
import data.lib.mounts
import data.lib.observation
import data.lib.spicedb
import data.lib.tls
import rego.v1

observations contains observation.saying(certificate, "spec.dnsNames", names, wanted, holds, sentence) if {
	some certificate in _certificates
	names := kubernetes.texts(kubernetes.map(certificate.object, "spec"), "dnsNames")
	some use in _uses(certificate)
	some wanted in _wanted(use)
	holds := _carries(names, wanted)
	sentence := sprintf("%v the name %v of the %v listener", [{true: "carries", false: "lacks"}[holds], wanted, use.listener])
}

_certificates := kubernetes.of_kind("cert-manager.io", "Certificate")

# The listeners that have their certificate from this Certificate's Secret: {server, listener}.
_uses(certificate) := [{"server": server, "listener": listener} |
	secret := kubernetes.text(kubernetes.map(certificate.object, "spec"), "secretName")
	some server in data.lib.spicedb.servers
	server.pod.namespace == certificate.namespace
	some listener, properties in data.lib.tls.listeners
	tls.listens(server, listener)
	tls.given(server, properties.files[0])
	mount := mounts.covering(server, spicedb.value(server, properties.files[0]))
	secret in mount.volume.secrets
]

# gRPC verifies the name in the address, without its port.
_wanted(use) := {groups[1] |
	address := spicedb.value(use.server, "SPICEDB_DISPATCH_UPSTREAM_ADDR")
	is_string(address)
	some groups in regex.find_all_string_submatch_n(`^(?:[a-z]+:/{2,3})?([^:/]+)`, address, 1)
} if {
	use.listener == "dispatch"
} else := {name |
	some port in data.lib.ports.service_ports
	some landing in port.reached
	landing.subject == use.server.subject
	landing.port.number == data.lib.tls.listeners[use.listener].port
	name := sprintf("%v.%v.svc", [port.service.name, port.service.namespace])
}

_carries(names, wanted) if {
	wanted in names
} else if {
	some name in names
	startswith(name, "*.")
	rest := substring(name, 1, -1)
	endswith(wanted, rest)
	not contains(trim_suffix(wanted, rest), ".")
} else := false

deny contains finding if some finding in observation.failures(observations)
