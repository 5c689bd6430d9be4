package transport.scrape_tls_test

import data.lib.testing
import data.transport.scrape_tls.deny
import data.transport.scrape_tls.observations
import rego.v1

secure := {"SPICEDB_METRICS_TLS_CERT_PATH": "/tls/tls.crt", "SPICEDB_METRICS_TLS_KEY_PATH": "/tls/tls.key"}

spec(variables) := {"containers": [testing.serving(variables, {"ports": [{"name": "metrics", "containerPort": 9090}]})]}

monitor(fields) := testing.object_of("monitoring.coreos.com/v1", "PodMonitor", "watch", {"spec": {
	"selector": {"matchLabels": {"app": "app"}},
	"podMetricsEndpoints": [object.union({"port": "metrics"}, fields)],
}})

denied(variables, fields) := paths if {
	paths := {seen.path | some seen in deny} with input as testing.given([testing.deployment(spec(variables)), monitor(fields)])
}

scheme := "spec.podMetricsEndpoints[0].scheme"

verification := "spec.podMetricsEndpoints[0].tlsConfig"

ca := {"secret": {"name": "tls", "key": "ca.crt"}}

test_https_with_a_ca_holds if {
	observations == {
		{
			"subject": "monitoring.coreos.com/v1/PodMonitor/here/watch",
			"path": "spec.podMetricsEndpoints[0].scheme",
			"value": "https",
			"expected": "https",
			"holds": true,
			"message": "PodMonitor \"watch\" scrapes by https a listener with TLS",
		},
		{
			"subject": "monitoring.coreos.com/v1/PodMonitor/here/watch",
			"path": "spec.podMetricsEndpoints[0].tlsConfig",
			"value": {"ca": {"secret": {"name": "tls", "key": "ca.crt"}}},
			"expected": "a CA, and verification",
			"holds": true,
			"message": "PodMonitor \"watch\" verifies the certificate of what it scrapes",
		},
	} with input as testing.given([
		testing.deployment(spec(secure)),
		monitor({"scheme": "https", "tlsConfig": {"ca": ca, "serverName": "spicedb"}}),
	])
	denied(secure, {"scheme": "HTTPS", "tlsConfig": {"caFile": "/etc/ca.crt", "insecureSkipVerify": false}}) == set()
}

test_the_scheme_is_that_of_the_listener if {
	denied(secure, {"tlsConfig": {"ca": ca}}) == {scheme}
	denied(secure, {"scheme": 1, "tlsConfig": {"ca": ca}}) == {scheme}
	denied({}, {"scheme": "https"}) == {scheme}
	denied({}, {}) == set()
}

test_what_is_not_verified_is_denied if {
	denied(secure, {"scheme": "https"}) == {verification}
	denied(secure, {"scheme": "https", "tlsConfig": "text"}) == {verification}
	denied(secure, {"scheme": "https", "tlsConfig": {"ca": {}}}) == {verification}
	denied(secure, {"scheme": "https", "tlsConfig": {"ca": ca, "insecureSkipVerify": true}}) == {verification}
}

test_the_pods_of_a_cron_job_count if {
	{seen.path | some seen in deny} == {scheme, verification} with input as testing.given([
		testing.cron_job(spec(secure)),
		monitor({}),
	])
}

test_what_is_no_servers_metrics_is_not_looked_at if {
	observations == set() with input as testing.given([testing.deployment({"containers": [{"name": "main"}]}), monitor({})])
	observations == set() with input as testing.given([
		testing.deployment(spec({"SPICEDB_METRICS_ENABLED": "false"})),
		monitor({}),
	])
}
