# METADATA
# title: Roles are bound to accounts, not to groups or people
# description: >-
#   A binding to a group such as system:authenticated or system:serviceaccounts gives a right to everybody in it, and one to
#   a user gives it past whoever grants people their rights. Each subject must be a ServiceAccount.
# custom:
#   severity: critical
#   kinds: [RoleBinding, ClusterRoleBinding]
#   remediation: Name the ServiceAccount of the pod that needs the right, and grant people theirs elsewhere.
#   parameters: []
package identity.no_open_subjects

import data.lib.observation
import rego.v1

observations contains observation.saying(seen.binding, seen.field, value, "a ServiceAccount", holds, sentence) if {
	some seen in data.lib.accounts.subjects
	kind := object.get(seen.subject, "kind", null)
	value := {"kind": kind, "name": object.get(seen.subject, "name", null)}
	holds := kind == "ServiceAccount"
	sentence := sprintf("gives its Role to %v %v", [observation.shown(kind), observation.shown(value.name)])
}

deny contains finding if some finding in observation.failures(observations)
