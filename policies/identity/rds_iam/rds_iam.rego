# METADATA
# title: Database tokens can be signed
# description: >-
#   Who makes the datastore's password must be a provider that SpiceDB has: none, or aws-iam, which makes tokens for RDS.
#   With aws-iam, what is signed must be visible: an engine that supports it, the region that the database is in, and a URI
#   with a login and without a password. SpiceDB says nothing where one of them is missing or wrong: the token is
#   worthless, or not asked for.
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

observations contains spicedb.observed(container, _provider, "aws-iam", holds) if {
	some container in data.lib.spicedb.containers
	container.settings[_provider] >= 0
	holds := spicedb.value(container, _provider) in {"", "aws-iam"}
}

observations contains observation.saying(container, "env", null, "none, or aws-iam", true, sentence) if {
	some container in data.lib.spicedb.containers
	not container.settings[_provider]
	sentence := "takes the datastore's password as it is given"
}

observations contains observation.saying(container, field, value, "postgres or mysql", holds, sentence) if {
	some container in _with_iam
	field := spicedb.location(container, "SPICEDB_DATASTORE_ENGINE")
	value := spicedb.value(container, "SPICEDB_DATASTORE_ENGINE")
	holds := _supported(value)
	sentence := sprintf("makes tokens for RDS with the engine %v", [observation.shown(value)])
}

observations contains observation.saying(container, field, value, expected, holds, sentence) if {
	some container in _with_iam
	variable := _region_variable(container)
	field := spicedb.location(container, variable)
	value := spicedb.value(container, variable)
	expected := _region(container)
	holds := _meant(value, expected)
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

_provider := "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME"

_with_iam := [container |
	some container in data.lib.spicedb.containers
	spicedb.value(container, _provider) == "aws-iam"
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

# The region in the database's name, which AWS has put there; any region where it is not visible.
_region(container) := found[0][1] if {
	uri := spicedb.value(container, data.lib.datastore.uri_setting)
	is_string(uri)
	found := regex.find_all_string_submatch_n(`\.([a-z0-9-]+)\.rds\.amazonaws\.com`, uri, 1)
	count(found) > 0
} else := "a region"

default _meant(_, _) := false

_meant(region, "a region") if {
	is_string(region)
	region != ""
}

_meant(region, expected) if region == expected

default _signable(_) := false

# A reference in the login's place, or after it, would be a password or hide one.
_signable(uri) if {
	is_string(uri)
	regex.match(`^(postgres(ql)?://[^:@/$]+@[^@$]+|[^:@/$]+@tcp\([^@$]+)$`, uri)
	not credentials.found(uri)
}

deny contains finding if some finding in observation.failures(observations)
