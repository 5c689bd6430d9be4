package transport.ingress_tls_test

import data.lib.testing
import data.transport.ingress_tls.deny
import data.transport.ingress_tls.observations
import rego.v1

nginx := "nginx.ingress.kubernetes.io/backend-protocol"

traefik := "traefik.ingress.kubernetes.io/service.serversscheme"

certificate := {"SPICEDB_GRPC_TLS_CERT_PATH": "/tls/tls.crt", "SPICEDB_GRPC_TLS_KEY_PATH": "/tls/tls.key"}

server(variables) := testing.deployment({"containers": [testing.serving(
	variables,
	{"ports": [{"name": "grpc", "containerPort": 50051}]},
)]})

service(annotations) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": "spicedb", "namespace": "here", "annotations": annotations},
	"spec": {"selector": {"app": "app"}, "ports": [{"name": "grpc", "port": 50051, "targetPort": "grpc"}]},
}

ingress(annotations, host, port, tls) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "grpc", "namespace": "here", "annotations": annotations},
	"spec": {
		"tls": tls,
		"rules": [{"host": host, "http": {"paths": [{"backend": {"service": {"name": "spicedb", "port": port}}}]}}],
	},
}

by_name := {"name": "grpc"}

for_hosts(hosts) := [{"secretName": "tls", "hosts": hosts}]

covered := ingress({}, "a.example.com", by_name, for_hosts(["a.example.com"]))

said(objects) := messages if {
	messages := {seen.message | some seen in deny} with input as testing.given(objects)
}

test_a_covered_host_holds_and_what_no_annotation_names_is_not_judged if {
	observations == {{
		"subject": "networking.k8s.io/v1/Ingress/here/grpc",
		"path": "spec.rules[0].host",
		"value": "a.example.com",
		"expected": "a host of an entry of spec.tls with a Secret",
		"holds": true,
		"message": "Ingress \"grpc\" serves \"a.example.com\" with TLS",
	}} with input as testing.given([covered, service({}), server(certificate)])
}

test_a_host_without_a_certificate_is_denied if {
	plain := {"Ingress \"grpc\" serves \"a.example.com\" without TLS"}
	said([ingress({}, "a.example.com", by_name, null)]) == plain
	said([ingress({}, "a.example.com", by_name, "text")]) == plain
	said([ingress({}, "a.example.com", by_name, [{"hosts": ["a.example.com"]}])]) == plain
	said([ingress({}, "a.example.com", by_name, for_hosts(["b.example.com"]))]) == plain
	said([ingress({}, "a.b.example.com", by_name, for_hosts(["*.example.com"]))]) == {"Ingress \"grpc\" serves \"a.b.example.com\" without TLS"}
}

test_a_wildcard_or_an_entry_for_all_hosts_covers if {
	said([ingress({}, "a.example.com", by_name, for_hosts(["*.example.com"]))]) == set()
	said([ingress({}, "", by_name, for_hosts([]))]) == set()
}

test_an_ingress_of_a_default_backend_needs_a_certificate if {
	bare := {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "all", "namespace": "here"}}
	said([bare]) == {"Ingress \"all\" serves every host without TLS"}
	said([object.union(bare, {"spec": {"tls": for_hosts([])}})]) == set()
}

test_an_unreadable_rule_is_denied if {
	said([{
		"apiVersion": "networking.k8s.io/v1",
		"kind": "Ingress",
		"metadata": {"name": "odd", "namespace": "here"},
		"spec": {"rules": "text"},
	}]) == {"Ingress \"odd\" serves \"\" without TLS"}
}

test_nginx_must_speak_what_the_listener_speaks if {
	secure := ingress({nginx: "GRPCS"}, "a.example.com", by_name, for_hosts(["a.example.com"]))
	plain := ingress({nginx: "GRPC"}, "a.example.com", {"number": 50051}, for_hosts(["a.example.com"]))
	said([secure, service({}), server(certificate)]) == set()
	said([plain, service({}), server({})]) == set()
	said([plain, service({}), server(certificate)]) == {"Ingress \"grpc\" leads by the protocol GRPC to a listener with TLS"}
	said([secure, service({}), server({})]) == {"Ingress \"grpc\" leads by the protocol GRPCS to a listener without TLS"}
}

test_traefik_and_contour_are_told_by_the_service if {
	said([covered, service({traefik: "https"}), server(certificate)]) == set()
	said([covered, service({traefik: "h2c"}), server(certificate)]) == {"Ingress \"grpc\" leads by the protocol h2c to a listener with TLS"}
	said([covered, service({"projectcontour.io/upstream-protocol.h2": "grpc"}), server(certificate)]) == set()
	said([covered, service({"projectcontour.io/upstream-protocol.h2c": "http,grpc"}), server(certificate)]) == {"Ingress \"grpc\" leads by the protocol h2c to a listener with TLS"}
}

test_another_port_and_another_service_are_not_judged if {
	said([ingress({nginx: "GRPC"}, "a", {"name": "other"}, for_hosts(["a"])), service({}), server(certificate)]) == set()
	said([ingress({nginx: "GRPC"}, "a", {"number": 80}, for_hosts(["a"])), service({}), server(certificate)]) == set()
}
