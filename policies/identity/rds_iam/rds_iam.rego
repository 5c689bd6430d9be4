# METADATA
# title: AWS credentials are temporary, and database tokens can be signed
# description: >-
#   A SpiceDB container must not be given a static AWS key. Where it makes tokens for RDS itself (aws-iam), what
#   is signed must be visible: an engine that supports it, a region, and a URI with a login and without a
#   password. SpiceDB says nothing where one of them is missing: the token is worthless, or not asked for.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set aws.rds and aws.podIdentity, and give pods their role by EKS Pod Identity or IAM roles for service
#     accounts, never by a key.
#   parameters: []
package identity.rds_iam

import data.lib.credentials
import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(container, "env", keys, [], keys == [], sentence) if {
	some container in data.lib.spicedb.containers
	keys := sort([name | some name in _static_keys; container.settings[name] >= 0])
	sentence := sprintf("has %d settings with a static AWS key", [count(keys)])
}

observations contains observation.saying(container, field, value, "postgres or mysql", holds, sentence) if {
	some container in _with_iam
	field := spicedb.location(container, "SPICEDB_DATASTORE_ENGINE")
	value := spicedb.value(container, "SPICEDB_DATASTORE_ENGINE")
	holds := _supported(value)
	sentence := sprintf("makes tokens for RDS with the engine %v", [observation.shown(value)])
}

observations contains observation.saying(container, field, value, "a region", holds, sentence) if {
	some container in _with_iam
	variable := _region_variable(container)
	field := spicedb.location(container, variable)
	value := spicedb.value(container, variable)
	holds := _named(value)
	sentence := sprintf("signs tokens for the region %v", [observation.shown(value)])
}

observations contains observation.saying(container, field, value, "a URI with a login and no password", holds, sentence) if {
	some container in _with_iam
	field := spicedb.location(container, data.lib.datastore.uri_setting)
	uri := spicedb.value(container, data.lib.datastore.uri_setting)
	value := credentials.safe(uri)
	holds := _signable(uri)
	sentence := _sentences[holds]
}

_static_keys := ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]

_with_iam := [container |
	some container in data.lib.spicedb.containers
	spicedb.value(container, "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME") == "aws-iam"
]

_sentences := {
	true: "shows the login that tokens are signed for, without a password",
	false: "shows no URI with a login and without a password, so it is not visible what tokens are signed for",
}

default _supported(_) := false

_supported(engine) if engine in {"postgres", "mysql"}

_region_variable(container) := "AWS_DEFAULT_REGION" if {
	not container.settings.AWS_REGION
	container.settings.AWS_DEFAULT_REGION >= 0
} else := "AWS_REGION"

default _named(_) := false

_named(region) if {
	is_string(region)
	region != ""
}

default _signable(_) := false

# A reference in the login's place, or after it, would be a password or hide one.
_signable(uri) if {
	is_string(uri)
	regex.match(`^(postgres(ql)?://[^:@/$]+@[^@$]+|[^:@/$]+@tcp\([^@$]+)$`, uri)
	not credentials.found(uri)
}

deny contains finding if some finding in observation.failures(observations)
