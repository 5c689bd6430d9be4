package transport.certificate_keys_test

import data.lib.testing
import data.transport.certificate_keys.deny
import data.transport.certificate_keys.observations
import rego.v1

certificate(spec) := testing.object_of("cert-manager.io/v1", "Certificate", "made", {"spec": spec})

key(fields) := {"privateKey": object.union({"rotationPolicy": "Always"}, fields)}

denied(spec) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.given([certificate(spec)])
}

rotation := "spec.privateKey.rotationPolicy"

algorithm := "spec.privateKey.algorithm"

test_a_new_key_of_today_for_a_server_holds if {
	observations == {
		{
			"subject": "cert-manager.io/v1/Certificate/here/made",
			"path": "spec.privateKey.rotationPolicy",
			"value": "Always",
			"expected": "Always",
			"holds": true,
			"message": "Certificate \"made\" sets spec.privateKey.rotationPolicy to Always",
		},
		{
			"subject": "cert-manager.io/v1/Certificate/here/made",
			"path": "spec.privateKey.algorithm",
			"value": ["ECDSA", 256],
			"expected": "ECDSA, Ed25519, or RSA of 2048 bits or more",
			"holds": true,
			"message": "Certificate \"made\" asks for a key of ECDSA of size 256",
		},
		{
			"subject": "cert-manager.io/v1/Certificate/here/made",
			"path": "spec.usages",
			"value": ["server auth"],
			"expected": "server auth",
			"holds": true,
			"message": "Certificate \"made\" is for [\"server auth\"]",
		},
	} with input as testing.given([certificate(object.union(
		key({"algorithm": "ECDSA", "size": 256}),
		{"usages": ["server auth"]},
	))])
	denied(key({"size": 4096})) == set()
	denied(key({})) == set()
}

test_a_key_that_is_kept_is_denied if {
	denied({}) == {rotation}
	denied({"privateKey": {"rotationPolicy": "Never"}}) == {rotation}
	denied({"privateKey": "text"}) == {rotation}
	denied("text") == {rotation}
}

test_a_weak_key_is_denied if {
	denied(key({"size": 1024})) == {algorithm}
	denied(key({"size": "4096"})) == {algorithm}
	denied(key({"algorithm": "DSA"})) == {algorithm}
}

test_another_use_than_a_servers_is_denied if {
	denied(object.union(key({}), {"usages": ["client auth"]})) == {"spec.usages"}
	denied(object.union(key({}), {"usages": "text"})) == {"spec.usages"}
	denied(object.union(key({}), {"isCA": true, "usages": ["server auth"]})) == {"spec.usages"}
}
