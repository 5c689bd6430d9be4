"""Mistakes in ServiceAccounts, their tokens and their rights."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Mutation,
    Spot,
    appended,
    at,
    dropped,
    entries,
    of_kind,
    place,
    pods,
    replaced,
    setting,
    such,
    without,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, value

TOKEN_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
_EVERYBODY = {"kind": "Group", "name": "system:authenticated", "apiGroup": "rbac.authorization.k8s.io"}
roles = of_kind("Role", "ClusterRole")
role_rules = entries(roles, "rules")
endpoint_rules = such(role_rules, lambda rule: "endpoints" in rule.get("resources", ()))
bindings = of_kind("RoleBinding")


def _asks_kubernetes(container: Json) -> bool:
    return str(value(container, "SPICEDB_DISPATCH_UPSTREAM_ADDR") or "").startswith("kubernetes:")


def silent_pods(objects: Manifests) -> Iterator[Spot]:
    """The pods that ask nothing of Kubernetes' API."""
    for pod in pods(objects):
        if not any(_asks_kubernetes(container) for container in pod.value.get("containers", ())):
            yield pod


def _automounts_by_default(objects: Manifests) -> Iterator[Mutation]:
    for pod in silent_pods(objects):
        changed, bare = objects, without("automountServiceAccountToken")(pod.value)
        if bare is None:
            continue
        changed = replaced(changed, pod, bare)
        for account in of_kind("ServiceAccount")(objects):
            if account.at("metadata", "name").value == pod.value.get("serviceAccountName"):
                open_ = without("automountServiceAccountToken")(account.value)
                changed = replaced(changed, account, open_) if open_ is not None else changed
        yield Mutation(pod.number, place(objects, pod), changed)


def _with_token(pod: Json) -> Json:
    """A pod whose first container gets a token that it has no use for."""
    source = {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}
    mount = {"name": "extra-token", "mountPath": "/tokens", "readOnly": True}
    first, *others = pod["containers"]
    volumes = appended(pod, "volumes", {"name": "extra-token", "projected": {"sources": [source]}})
    return {**volumes, "containers": [appended(first, "volumeMounts", mount), *others]}


def _without_token(container: Json) -> Json | None:
    mounts = container.get("volumeMounts") or []
    rest = [mount for mount in mounts if mount["mountPath"] != TOKEN_DIRECTORY]
    return {**container, "volumeMounts": rest} if len(rest) < len(mounts) else None


def _for_the_cluster(binding: Json) -> Json:
    role = {**binding["roleRef"], "kind": "ClusterRole"}
    metadata = {key: field for key, field in binding["metadata"].items() if key != "namespace"}
    return {**binding, "kind": "ClusterRoleBinding", "metadata": metadata, "roleRef": role}


def _for_every_namespace(role: Json) -> Json:
    metadata = {key: field for key, field in role["metadata"].items() if key != "namespace"}
    return {**role, "kind": "ClusterRole", "metadata": metadata}


def _with_verb(verb: str) -> Change:
    return lambda rule: appended(rule, "verbs", verb)


def _with_rule(rule: Json) -> Change:
    return lambda role: appended(role, "rules", rule)


OPERATORS = (
    Operator(
        "use-default-account",
        "Run a pod as the namespace's default ServiceAccount.",
        ("identity.dedicated_service_account",),
        at(pods, setting(serviceAccountName="default")),
    ),
    Operator(
        "forget-account",
        "Leave the name of a pod's ServiceAccount out.",
        ("identity.dedicated_service_account",),
        at(pods, without("serviceAccountName")),
    ),
    Operator(
        "mount-token",
        "Mount the ServiceAccount's token into a pod that asks nothing of Kubernetes.",
        ("identity.service_account_token",),
        at(silent_pods, setting(automountServiceAccountToken=True)),
    ),
    Operator(
        "forget-token-switch",
        "Leave automountServiceAccountToken out of such a pod and of its ServiceAccount.",
        ("identity.service_account_token",),
        _automounts_by_default,
    ),
    Operator(
        "project-token",
        "Mount a token by a projected volume into a container that has no use for it.",
        ("identity.service_account_token",),
        at(silent_pods, _with_token),
    ),
    Operator(
        "take-token-from-dispatch",
        "Leave the token out of a container that finds its peers by Kubernetes' API.",
        ("identity.token_for_dispatch",),
        at(such(containers, _asks_kubernetes), _without_token),
    ),
    Operator(
        "watch-every-endpoint",
        "Let a Role watch the Endpoints of every Service.",
        ("identity.token_for_dispatch",),
        at(endpoint_rules, without("resourceNames")),
    ),
    Operator(
        "watch-other-endpoint",
        "Let a Role watch the Endpoints of another Service.",
        ("identity.token_for_dispatch",),
        at(endpoint_rules, setting(resourceNames=["other"])),
    ),
    Operator(
        "forget-watch",
        "Leave the verb watch out of a Role for Endpoints.",
        ("identity.token_for_dispatch",),
        at(endpoint_rules, setting(verbs=["get"])),
    ),
    Operator(
        "drop-role-binding",
        "Leave a RoleBinding out.",
        ("identity.token_for_dispatch",),
        dropped(bindings),
    ),
    Operator(
        "bind-other-account",
        "Bind a Role to another ServiceAccount.",
        ("identity.token_for_dispatch",),
        at(entries(bindings, "subjects"), setting(name="other")),
    ),
    Operator(
        "bind-in-other-namespace",
        "Bind a Role in another namespace.",
        ("identity.token_for_dispatch",),
        at(bindings, setting(metadata__namespace="elsewhere")),
    ),
    *(
        Operator(
            f"grant-every-{word}",
            f"Write * among the {field} of a Role.",
            ("identity.no_rbac_wildcards",),
            at(role_rules, setting(**{field: ["*"]})),
        )
        for field, word in (("verbs", "verb"), ("resources", "resource"), ("apiGroups", "group"))
    ),
    *(
        Operator(
            f"grant-{verb}",
            f"Let a Role {verb}.",
            ("identity.least_rbac",),
            at(role_rules, _with_verb(verb)),
        )
        for verb in ("bind", "escalate", "impersonate")
    ),
    Operator(
        "read-secrets",
        "Let a Role read every Secret of its namespace.",
        ("identity.no_secrets_access",),
        at(roles, _with_rule({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]})),
    ),
    Operator(
        "bind-for-the-cluster",
        "Bind a ClusterRole in the whole cluster.",
        ("identity.namespaced_rights",),
        at(bindings, _for_the_cluster),
    ),
    Operator(
        "bind-cluster-role",
        "Bind a ClusterRole in one namespace.",
        ("identity.namespaced_rights",),
        at(bindings, setting(roleRef__kind="ClusterRole")),
    ),
    Operator(
        "make-cluster-role",
        "Make a Role a ClusterRole.",
        ("identity.namespaced_rights",),
        at(of_kind("Role"), _for_every_namespace),
    ),
    Operator(
        "make-pods",
        "Let a Role make pods, which may run as any account.",
        ("identity.least_rbac",),
        at(roles, _with_rule({"apiGroups": [""], "resources": ["pods"], "verbs": ["create"]})),
    ),
    Operator(
        "enter-pods",
        "Let a Role enter running pods.",
        ("identity.least_rbac",),
        at(roles, _with_rule({"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]})),
    ),
    Operator(
        "bind-everybody",
        "Bind a Role to everybody who has logged in.",
        ("identity.no_open_subjects",),
        at(bindings, lambda b: appended(b, "subjects", _EVERYBODY)),
    ),
    Operator(
        "bind-person",
        "Bind a Role to a person.",
        ("identity.no_open_subjects",),
        at(entries(bindings, "subjects"), lambda _: {**_EVERYBODY, "kind": "User", "name": "jane@example.com"}),
    ),
    Operator(
        "bind-unused-account",
        "Bind a Role to an account that no pod with a token runs as.",
        ("identity.bound_to_own_accounts",),
        at(bindings, lambda b: appended(b, "subjects", {**b["subjects"][0], "name": "other"})),
    ),
    Operator(
        "bind-default-account",
        "Bind a Role to the namespace's default ServiceAccount.",
        ("identity.bound_to_own_accounts",),
        at(bindings, lambda b: appended(b, "subjects", {**b["subjects"][0], "name": "default"})),
    ),
)
