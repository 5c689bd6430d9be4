# METADATA
# title: Roles name what they grant
# description: >-
#   A "*" among the verbs, resources or API groups of a Role grants what nobody has reviewed, and what
#   Kubernetes will invent later. Each of the lists of each rule must be without one.
# custom:
#   severity: critical
#   kinds: [Role, ClusterRole]
#   remediation: >-
#     Name the verbs, resources and groups that are needed. The chart's Role names get and watch on one
#     Endpoints object.
#   parameters: []
package identity.no_rbac_wildcards

import data.lib.kubernetes
import data.lib.observation
import rego.v1

observations contains observation.of(rule.role, field, value, "a list without \"*\"", holds) if {
	some rule in data.lib.accounts.rules
	some list in ["apiGroups", "resources", "verbs", "nonResourceURLs"]
	value := object.get(rule.rule, list, null)
	_asked(rule.rule, list)
	field := concat(".", [rule.field, list])
	holds := _named(kubernetes.entries({"list": value}, "list"))
}

# A rule speaks of resources or of URLs outside them.
_asked(_, "verbs") := true

_asked(rule, "nonResourceURLs") if rule.nonResourceURLs != null

_asked(rule, list) if {
	list in {"apiGroups", "resources"}
	object.get(rule, "nonResourceURLs", null) == null
}

default _named(_) := false

_named(names) if {
	count(names) > 0
	every name in names {
		is_string(name)
		not contains(name, "*")
	}
}

deny contains finding if some finding in observation.failures(observations)
