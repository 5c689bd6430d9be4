package transport.certificate_names_test

import data.lib.testing
import data.transport.certificate_names.deny
import data.transport.certificate_names.observations
import rego.v1

spec := {
	"containers": [testing.serving(
		{
			"SPICEDB_DISPATCH_CLUSTER_ENABLED": "true",
			"SPICEDB_DISPATCH_CLUSTER_TLS_CERT_PATH": "/tls/tls.crt",
			"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///headless.here:dispatch",
			"SPICEDB_GRPC_TLS_CERT_PATH": "/tls/tls.crt",
			"SPICEDB_HTTP_TLS_CERT_PATH": "/tls/tls.crt",
		},
		{
			"ports": [{"name": "grpc", "containerPort": 50051}],
			"volumeMounts": [{"name": "tls", "mountPath": "/tls"}],
		},
	)],
	"volumes": [{"name": "tls", "secret": {"secretName": "made"}}],
}

service := testing.object_of("v1", "Service", "spicedb", {"spec": {
	"selector": {"app": "app"},
	"ports": [{"port": 50051}],
}})

certificate(fields) := testing.object_of("cert-manager.io/v1", "Certificate", "made", {"spec": object.union(
	{"secretName": "made"},
	fields,
)})

both := {"dnsNames": ["headless.here", "spicedb.here.svc"]}

lacking(objects) := names if {
	names := {seen.expected | some seen in deny} with input as testing.given(objects)
}

without(fields) := lacking([testing.deployment(spec), service, certificate(fields)])

test_the_names_of_dispatch_and_of_services_hold if {
	observations == {
		{
			"subject": "cert-manager.io/v1/Certificate/here/made",
			"path": "spec.dnsNames",
			"value": ["headless.here", "spicedb.here.svc"],
			"expected": "headless.here",
			"holds": true,
			"message": "Certificate \"made\" carries the name headless.here of the dispatch listener",
		},
		{
			"subject": "cert-manager.io/v1/Certificate/here/made",
			"path": "spec.dnsNames",
			"value": ["headless.here", "spicedb.here.svc"],
			"expected": "spicedb.here.svc",
			"holds": true,
			"message": "Certificate \"made\" carries the name spicedb.here.svc of the grpc listener",
		},
	} with input as testing.given([testing.deployment(spec), service, certificate(both)])
	without({"dnsNames": ["headless.here", "*.here.svc"]}) == set()
}

test_a_name_that_is_missing_is_denied if {
	without({"dnsNames": ["headless.here"]}) == {"spicedb.here.svc"}
	without({"dnsNames": ["spicedb.here.svc"]}) == {"headless.here"}
	without({"dnsNames": ["headless.here", "*.svc"]}) == {"spicedb.here.svc"}
	without({}) == {"headless.here", "spicedb.here.svc"}
	without({"dnsNames": "text"}) == {"headless.here", "spicedb.here.svc"}
}

test_a_cron_job_is_looked_at if lacking([testing.cron_job(spec), certificate({})]) == {"headless.here"}

test_certificates_of_others_are_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment(spec), certificate({"secretName": "other"})])
	elsewhere := object.union(certificate({}), {"metadata": {"namespace": "there"}})
	observations == set() with input as testing.given([testing.deployment(spec), elsewhere])
	foreign := object.union(certificate({}), {"apiVersion": "networking.gke.io/v1"})
	observations == set() with input as testing.given([testing.deployment(spec), foreign])
}
