package network.hosts_named_test

import data.lib.testing
import data.network.hosts_named.deny
import data.network.hosts_named.observations
import rego.v1

ingress(spec) := testing.object_of("networking.k8s.io/v1", "Ingress", "open", {"spec": spec})

route(kind, hostnames) := testing.object_of("gateway.networking.k8s.io/v1", kind, "open", {"spec": {"hostnames": hostnames}})

denied(object) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.given([object])
}

test_named_hosts_hold if {
	observations == {
		{
			"subject": "networking.k8s.io/v1/Ingress/here/open",
			"path": "spec.rules[0].host",
			"value": "spicedb.example.com",
			"expected": "the name of a host",
			"holds": true,
			"message": "Ingress \"open\" answers for \"spicedb.example.com\"",
		},
		{
			"subject": "networking.k8s.io/v1/Ingress/here/open",
			"path": "spec.defaultBackend",
			"value": null,
			"expected": null,
			"holds": true,
			"message": "Ingress \"open\" sends what no rule is for to nobody",
		},
	} with input as testing.given([ingress({"rules": [{"host": "spicedb.example.com"}]})])
	denied(route("HTTPRoute", ["*.example.com"])) == set()
}

test_every_host_is_denied if {
	denied(ingress({"rules": [{"http": {}}]})) == {"spec.rules[0].host"}
	denied(ingress({"rules": [{"host": "*"}]})) == {"spec.rules[0].host"}
	denied(ingress({"rules": [{"host": ""}]})) == {"spec.rules[0].host"}
	denied(ingress({"rules": "text"})) == {"spec.rules[0].host"}
	denied(ingress({"rules": [{"host": 1}]})) == {"spec.rules[0].host"}
}

test_a_default_backend_is_denied if denied(ingress({"defaultBackend": {"service": {}}})) == {"spec.defaultBackend"}

test_routes_without_names_are_denied if {
	denied(route("GRPCRoute", [])) == {"spec.hostnames"}
	denied(route("HTTPRoute", null)) == {"spec.hostnames"}
	denied(route("TLSRoute", ["a.example.com", "*"])) == {"spec.hostnames"}
	denied(route("GRPCRoute", 1)) == {"spec.hostnames"}
}

test_other_projects_kinds_are_not_looked_at if {
	observations == set() with input as testing.given([testing.object_of("contour.heptio.com/v1", "HTTPRoute", "x", {})])
}
