# METADATA
# title: Roles do not read Secrets
# description: >-
#   Who may get, list or watch Secrets has every credential in them; list and watch give their contents, too. SpiceDB is
#   handed its own by the kubelet and asks the API for none, so that no rule may read Secrets, not even by name.
# custom:
#   severity: high
#   kinds: [Role, ClusterRole]
#   remediation: Remove secrets from the rule's resources; give a pod its Secret by a volume or by secretKeyRef.
#   parameters: []
package identity.no_secrets_access

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.saying(rule.role, rule.field, verbs, [], verbs == [], sentence) if {
	some rule in data.lib.accounts.rules
	verbs := _reading(rule.rule)
	sentence := sprintf("reads Secrets by %d verbs", [count(verbs)])
}

_reading(rule) := [verb |
	some verb in kubernetes.texts(rule, "verbs")
	verb in {"get", "list", "watch", "*"}
] if {
	"secrets" in kubernetes.entries(rule, "resources")
} else := []

deny contains finding if some finding in observation.failures(observations)
