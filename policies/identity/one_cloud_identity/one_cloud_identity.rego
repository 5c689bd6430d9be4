# METADATA
# title: A ServiceAccount has one role of AWS, and server and migration both have theirs
# description: >-
#   An account with the annotation of IAM roles for service accounts and an association of EKS Pod Identity has two roles:
#   AWS's libraries take the annotation's, and nobody sees it. Each account may have one, whose name must be that of a role.
#   An association must name an account that a pod runs as. Where one SpiceDB container signs with a role that is visible,
#   each must: a migration without one fails. A role that no rendering shows (an association made by AWS's API) is not
#   visible, and the message says so.
# custom:
#   severity: high
#   kinds: [ServiceAccount, PodIdentityAssociation, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set aws.podIdentity and remove eks.amazonaws.com/role-arn from serviceAccount.annotations and
#     config.migrations.serviceAccount.annotations, or leave aws.podIdentity.association off and annotate both.
#   parameters: []
package identity.one_cloud_identity

import data.lib.accounts
import data.lib.kubernetes
import data.lib.observation
import data.lib.spicedb
import rego.v1

observations contains observation.saying(account, "metadata.annotations", count(sources), "at most 1", holds, sentence) if {
	some account in kubernetes.of_kind("v1", "ServiceAccount")
	sources := [source.value | some source in _sources; source.account == [account.namespace, account.name]]
	holds := count(sources) < 2
	sentence := sprintf("has %d roles of AWS", [count(sources)])
}

observations contains observation.saying(source.target, source.field, source.value, "the ARN of a role", holds, sentence) if {
	some source in _sources
	holds := _named(source.value)
	sentence := sprintf("names the role %v", [observation.shown(source.value)])
}

observations contains observation.saying(association, "spec.serviceAccount", account[1], "an account that a pod runs as", holds, sentence) if {
	some association in _associations
	account := _associated(association)
	holds := _runs(account)
	sentence := sprintf("gives its role to %v, which %v", [observation.shown(account[1]), _uses[holds]])
}

observations contains observation.saying(container.pod, "serviceAccountName", name, "an account with a role of AWS", holds, sentence) if {
	some container in data.lib.spicedb.containers
	spicedb.value(container, "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME") == "aws-iam"
	name := accounts.name(container.pod)
	found := _found(container)
	holds := found != "none, although others have"
	sentence := sprintf("signs as the ServiceAccount \"%v\", whose role of AWS is %v", [name, found])
}

_uses := {true: "a pod runs as", false: "no pod of the rendering runs as"}

# What gives an account a role: {target, field, value, account}.
_sources := array.concat(
	[source |
		some account in kubernetes.of_kind("v1", "ServiceAccount")
		annotations := kubernetes.as_map(object.get(account.object, ["metadata", "annotations"], null))
		value := annotations["eks.amazonaws.com/role-arn"]
		source := {
			"target": account,
			"field": "metadata.annotations.eks.amazonaws.com/role-arn",
			"value": value,
			"account": [account.namespace, account.name],
		}
	],
	[{"target": association, "field": "spec.roleARN", "value": value, "account": account} |
		some association in _associations
		value := object.get(association.object, ["spec", "roleARN"], null)
		account := _associated(association)
	],
)

_associations := kubernetes.of_kind("eks.services.k8s.aws", "PodIdentityAssociation")

_associated(association) := [
	object.get(association.object, ["spec", "namespace"], null),
	object.get(association.object, ["spec", "serviceAccount"], null),
]

default _named(_) := false

_named(role) if {
	is_string(role)
	regex.match(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$`, role)
}

default _runs(_) := false

_runs(account) if {
	some pod in data.lib.kubernetes.pods
	[pod.namespace, accounts.name(pod)] == account
}

_with_role := {source.account | some source in _sources}

_found(container) := "visible" if {
	[container.pod.namespace, accounts.name(container.pod)] in _with_role
} else := "not visible" if {
	_with_role == set()
} else := "none, although others have"

deny contains finding if some finding in observation.failures(observations)
