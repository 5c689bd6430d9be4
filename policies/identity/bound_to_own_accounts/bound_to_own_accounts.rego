# METADATA
# title: Roles are bound to accounts whose pods hold a token
# description: >-
#   A right that is given to an account of another release, to the namespace's default account, or to one whose pods hold no
#   token is a right that nothing here uses and that somebody else has. Each ServiceAccount that a Role is bound to must be
#   that of a pod of the rendering which holds a token.
# custom:
#   severity: medium
#   kinds: [RoleBinding, ClusterRoleBinding]
#   remediation: Bind the Role to the server's ServiceAccount alone. The chart does so.
#   parameters: []
package identity.bound_to_own_accounts

import data.lib.accounts
import data.lib.observation
import rego.v1

observations contains observation.saying(seen.binding, seen.field, account, "the account of a pod with a token", holds, sentence) if {
	some seen in data.lib.accounts.subjects
	seen.subject.kind == "ServiceAccount"
	account := {
		"namespace": object.get(seen.subject, "namespace", seen.binding.namespace),
		"name": object.get(seen.subject, "name", null),
	}
	holds := _own(account)
	sentence := sprintf("gives its Role to the ServiceAccount \"%v\" of \"%v\", which %v", [account.name, account.namespace, _uses[holds]])
}

_uses := {true: "a pod with a token runs as", false: "no pod of the rendering with a token runs as"}

_own(account) if {
	account.name != "default"
	some holder in _holders
	holder.name == account.name
	accounts.is_namespace_of(account.namespace, holder)
} else := false

# The accounts of pods into which a token is mounted, by Kubernetes or by a volume.
_holders := {{"namespace": pod.namespace, "name": accounts.name(pod)} |
	some pod in data.lib.kubernetes.pods
	_holds_token(pod)
}

_holds_token(pod) if {
	accounts.automounts(pod)
} else if {
	pod.subject in _projected
}

_projected := {volume.pod.subject |
	some volume in data.lib.mounts.volumes
	volume.tokens != []
}

deny contains finding if some finding in observation.failures(observations)
