package transport.route_tls_test

import data.lib.testing
import data.transport.route_tls.deny
import data.transport.route_tls.observations
import rego.v1

group := "gateway.networking.k8s.io/v1"

secure := {"SPICEDB_GRPC_TLS_CERT_PATH": "/tls/tls.crt", "SPICEDB_GRPC_TLS_KEY_PATH": "/tls/tls.key"}

spec(variables) := {"containers": [testing.serving(variables, {"ports": [{"name": "grpc", "containerPort": 50051}]})]}

service := testing.object_of("v1", "Service", "spicedb", {"spec": {
	"selector": {"app": "app"},
	"ports": [{"name": "grpc", "port": 443, "targetPort": "grpc"}, {"name": "other", "port": 80}],
}})

route(kind, reference) := testing.object_of(group, kind, "way", {"spec": {"rules": [{"backendRefs": [reference]}]}})

way := route("GRPCRoute", {"name": "spicedb", "port": 443})

validation := {"hostname": "spicedb.here.svc", "caCertificateRefs": [{"kind": "ConfigMap", "name": "ca"}]}

policy(target, checks) := testing.object_of(group, "BackendTLSPolicy", "verify", {"spec": {
	"targetRefs": [object.union({"kind": "Service", "name": "spicedb"}, target)],
	"validation": checks,
}})

denied(variables, objects) := found if {
	found := {seen.expected | some seen in deny} with input as testing.given(array.concat(
		[testing.deployment(spec(variables)), service],
		objects,
	))
}

lacking := {"a BackendTLSPolicy that verifies"}

test_a_policy_for_a_listener_with_tls_holds if {
	observations == {{
		"subject": "gateway.networking.k8s.io/v1/GRPCRoute/here/way",
		"path": "spec.rules[0].backendRefs[0]",
		"value": ["verify"],
		"expected": "a BackendTLSPolicy that verifies",
		"holds": true,
		"message": "GRPCRoute \"way\" leads to a listener with TLS, for which there are 1 policies that verify",
	}} with input as testing.given([testing.deployment(spec(secure)), service, way, policy({}, validation)])
	denied(secure, [way, policy({"sectionName": "grpc"}, {"hostname": "a", "wellKnownCACertificates": "System"})]) == set()
}

test_no_policy_is_denied if {
	denied(secure, [way]) == lacking
	denied(secure, [route("HTTPRoute", {"name": "spicedb", "port": 443, "namespace": "here"})]) == lacking
	denied(secure, [way, policy({"name": "another"}, validation)]) == lacking
	denied(secure, [way, policy({"sectionName": "http"}, validation)]) == lacking
	elsewhere := object.union(policy({}, validation), {"metadata": {"namespace": "there"}})
	denied(secure, [way, elsewhere]) == lacking
}

test_a_policy_that_verifies_nothing_does_not_count if {
	denied(secure, [way, policy({}, {"hostname": "a"})]) == lacking
	denied(secure, [way, policy({}, object.remove(validation, ["hostname"]))]) == lacking
	denied(secure, [way, policy({}, "text")]) == lacking
}

test_a_listener_without_tls_has_none if {
	denied({}, [way]) == set()
	denied({}, [way, policy({}, validation)]) == {"no BackendTLSPolicy"}
}

test_a_cron_job_is_looked_at if {
	{seen.expected | some seen in deny} == lacking with input as testing.given([testing.cron_job(spec(secure)), service, way])
}

test_other_backends_are_not_looked_at if {
	observations == set() with input as testing.given([
		testing.deployment(spec(secure)),
		service,
		route("GRPCRoute", {"name": "another", "port": 443}),
		route("GRPCRoute", {"name": "spicedb", "port": 80}),
		route("GRPCRoute", "text"),
	])
}
