# METADATA
# title: ServiceAccounts, their tokens and their rights
# description: >-
#   Which ServiceAccount a pod has, whether it gets the account's token, and which Roles are bound to it.
package lib.accounts

import data.lib.kubernetes
import rego.v1

# Where Kubernetes puts a token by itself, and where clients of its API look for one.
token_directory := "/var/run/secrets/kubernetes.io/serviceaccount/"

# The name of a pod's ServiceAccount; Kubernetes takes "default" where the pod names none.
name(pod) := account if {
	account := kubernetes.text(pod.spec, "serviceAccountName")
	account != ""
} else := "default"

# Whether Kubernetes mounts the token by itself: the pod decides, else its ServiceAccount, else yes.
automounts(pod) := value if {
	value := pod.spec.automountServiceAccountToken
	is_boolean(value)
} else := value if {
	settings := [setting |
		some account in kubernetes.of_kind("v1", "ServiceAccount")
		account.namespace == pod.namespace
		account.name == name(pod)
		setting := account.object.automountServiceAccountToken
		is_boolean(setting)
	]
	value := settings[0]
} else := true

# The mounts of a container that hold a projected token.
token_mounts(container) := [mount |
	some mount in data.lib.mounts.mounted
	mount.volume.tokens != []
	mount.container.path == container.path
	mount.container.subject == container.subject
]

# Every rule of every Role and ClusterRole: {role, field, rule}.
rules := [rule |
	some role in roles
	some index, entry in kubernetes.entries(role.object, "rules")
	rule := {
		"role": role,
		"field": sprintf("rules[%d]", [index]),
		"rule": kubernetes.as_map(entry),
	}
]

bindings := array.concat(
	kubernetes.of_kind("rbac.authorization.k8s.io", "RoleBinding"),
	kubernetes.of_kind("rbac.authorization.k8s.io", "ClusterRoleBinding"),
)

# Every subject of every binding: {binding, field, subject}, an unreadable one as an empty map.
subjects := [found |
	some binding in bindings
	some index, entry in kubernetes.entries(binding.object, "subjects")
	found := {
		"binding": binding,
		"field": sprintf("subjects[%d]", [index]),
		"subject": kubernetes.as_map(entry),
	}
]

# The rules of the Roles of one namespace that are bound to a pod's ServiceAccount.
granted(pod, namespace) := [rule |
	some binding in bindings
	binding.kind == "RoleBinding"
	is_namespace_of(namespace, binding)
	_binds(binding, pod)
	some rule in rules
	rule.role.kind == "Role"
	rule.role.namespace == binding.namespace
	binding.object.roleRef.kind == "Role"
	binding.object.roleRef.name == rule.role.name
]

_binds(binding, pod) if {
	some subject in kubernetes.entries(binding.object, "subjects")
	subject.kind == "ServiceAccount"
	subject.name == name(pod)
	is_namespace_of(object.get(subject, "namespace", binding.namespace), pod)
}

# What leaves its namespace out goes into that of the release, which a rendering names only where it is referred to.
is_namespace_of(_, object_) if object_.namespace == ""

is_namespace_of(namespace, object_) if namespace == object_.namespace

# Roles and ClusterRoles.
roles := array.concat(
	kubernetes.of_kind("rbac.authorization.k8s.io", "Role"),
	kubernetes.of_kind("rbac.authorization.k8s.io", "ClusterRole"),
)
