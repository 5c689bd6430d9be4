# METADATA
# title: Certificates have strong keys that change
# description: >-
#   A key that is kept over renewals is worth stealing once for ever, and older releases of cert-manager keep it unless
#   told otherwise. Each Certificate of cert-manager must ask for a new key with each renewal, for ECDSA, Ed25519 or RSA
#   of 2048 bits or more, for use by a server, and not for an authority.
# custom:
#   severity: medium
#   kinds: [Certificate]
#   remediation: >-
#     Set privateKey.rotationPolicy to Always, an algorithm of today, usages with server auth, and leave isCA out. The
#     chart's own Certificates do.
#   parameters: []
package transport.certificate_keys

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(seen.certificate, "spec.privateKey.rotationPolicy", seen.policy, "Always", holds) if {
	some seen in _certificates
	holds := seen.policy == "Always"
}

observations contains observation.saying(seen.certificate, "spec.privateKey.algorithm", key, expected, holds, sentence) if {
	some seen in _certificates
	expected := "ECDSA, Ed25519, or RSA of 2048 bits or more"
	key := [seen.algorithm, seen.size]
	holds := _strong(seen.algorithm, seen.size)
	sentence := sprintf("asks for a key of %v of size %v", [seen.algorithm, observation.shown(seen.size)])
}

observations contains observation.saying(seen.certificate, "spec.usages", seen.usages, "server auth", holds, sentence) if {
	some seen in _certificates
	holds := [seen.authority, _serves(seen.usages)] == [false, true]
	sentence := sprintf("is for %v%v", [seen.usages, {true: " and an authority", false: ""}[seen.authority]])
}

# cert-manager takes RSA of 2048 bits where nothing is said.
_certificates := [seen |
	some certificate in kubernetes.of_kind("cert-manager.io", "Certificate")
	spec := kubernetes.map(certificate.object, "spec")
	key := kubernetes.map(spec, "privateKey")
	seen := {
		"certificate": certificate,
		"policy": object.get(key, "rotationPolicy", null),
		"algorithm": object.get(key, "algorithm", "RSA"),
		"size": object.get(key, "size", null),
		"usages": kubernetes.entries(spec, "usages"),
		"authority": object.get(spec, "isCA", false) != false,
	}
]

_strong(algorithm, size) if {
	algorithm in {"ECDSA", "Ed25519"}
} else if {
	algorithm == "RSA"
	_long(size)
} else := false

_long(null) := true

_long(size) if {
	is_number(size)
	size >= 2048
}

# Where nothing is said, the certificate is for signatures and encipherment of keys, and restricted to no side.
_serves([]) := true

_serves(usages) if {
	"server auth" in usages
} else := false if {
	usages != []
}

deny contains finding if some finding in observation.failures(observations)
