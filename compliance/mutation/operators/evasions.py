"""Mistakes that look right at first sight: halves of everything, selectors of nearly everybody, flags that override."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Spot,
    appended,
    at,
    containers,
    entries,
    found,
    instead,
    of_kind,
    pods,
    setting,
    such,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers as spicedb_containers
from compliance.mutation.spicedb import has, reset, servers, value

policies = of_kind("NetworkPolicy")
services = of_kind("Service")
_HALVES = ("0.0.0.0/1", "128.0.0.0/1")
_NEARLY_ALL: Json = {"matchExpressions": [{"key": "nobody.example.com/has-this", "operator": "DoesNotExist"}]}
_URI = "postgres://spicedb@db.example.com:5432/spicedb?sslmode=disable"
_WITH_PASSWORD = b"postgres://spicedb:hunter2hunter2@db.example.com/spicedb"


def ingress_rules(objects: Manifests) -> Iterator[Spot]:
    yield from such(entries(policies, "spec", "ingress"), lambda rule: bool(rule.get("from")))(objects)


def _peers(*peers: Json) -> Change:
    return lambda rule: appended(rule, "from", *peers)


def _argument(*words: str) -> Change:
    """Flags count before the environment."""
    return lambda container: appended(container, "args", *words)


def _privileged_init(pod: Json) -> Json:
    first = pod["containers"][0]
    bare = {k: first[k] for k in ("image", "imagePullPolicy", "resources") if k in first}
    context = {**first.get("securityContext", {}), "privileged": True, "allowPrivilegeEscalation": True}
    return appended(pod, "initContainers", {"name": "prepare", **bare, "securityContext": context})


def _asks_nobody(container: Json) -> Json | None:
    if not found(container, ("livenessProbe", "exec")):
        return None
    return with_(container, ["livenessProbe", "exec", "command"], ["/bin/true"])


def _again(name: str, text: str) -> Change:
    """Of two variables of one name the last one counts."""
    return lambda container: appended(container, "env", {"name": name, "value": text})


def _minimum(share: str) -> Change:
    def change(budget: Json) -> Json:
        kept = {key: field for key, field in budget["spec"].items() if key != "maxUnavailable"}
        return with_(budget, ["spec"], {**kept, "minAvailable": share})

    return change


OPERATORS = (
    Operator(
        "allow-every-address-by-halves",
        "Add both halves of all addresses to the peers of a rule.",
        ("network.deny_by_default",),
        at(ingress_rules, _peers(*({"ipBlock": {"cidr": half}} for half in _HALVES))),
    ),
    Operator(
        "allow-nearly-every-namespace",
        "Add the pods of all namespaces without a label that none has to the peers of a rule.",
        ("network.deny_by_default",),
        at(ingress_rules, _peers({"namespaceSelector": _NEARLY_ALL})),
    ),
    Operator(
        "allow-nearly-every-pod",
        "Add all pods of all namespaces without a label that none has to the peers of a rule.",
        ("network.deny_by_default",),
        at(ingress_rules, _peers({"namespaceSelector": {}, "podSelector": _NEARLY_ALL})),
    ),
    Operator(
        "widen-source-ranges-by-halves",
        "Let every address use a LoadBalancer, in two halves.",
        ("network.service_exposure",),
        at(services, instead("spec.loadBalancerSourceRanges", [*_HALVES])),
    ),
    Operator(
        "plaintext-grpc-by-argument",
        "Empty the path of the gRPC certificate by a flag, which counts before the environment.",
        ("transport.grpc_tls",),
        at(such(servers, lambda c: has(c, "SPICEDB_GRPC_TLS_CERT_PATH")), _argument("--grpc-tls-cert-path=")),
    ),
    Operator(
        "keep-data-in-memory-by-argument",
        "Name the memory engine by a flag in two words.",
        ("datastore.persistent_engine",),
        at(servers, _argument("--datastore-engine", "memory")),
    ),
    Operator(
        "plaintext-datastore-by-uri",
        "Write the datastore's URI out, without a password and with sslmode disable.",
        ("transport.datastore_tls",),
        at(such(spicedb_containers, lambda c: has(c, "PGSSLMODE")), reset("SPICEDB_DATASTORE_CONN_URI", _URI)),
    ),
    Operator(
        "plaintext-datastore-by-second-variable",
        "Set sslmode a second time, which counts.",
        ("transport.datastore_tls",),
        at(such(spicedb_containers, lambda c: has(c, "PGSSLMODE")), _again("PGSSLMODE", "disable")),
    ),
    Operator(
        "plaintext-grpc-by-second-variable",
        "Set the path of the gRPC certificate a second time, to nothing, which counts.",
        ("transport.grpc_tls",),
        at(
            such(servers, lambda c: has(c, "SPICEDB_GRPC_TLS_CERT_PATH")),
            _again("SPICEDB_GRPC_TLS_CERT_PATH", ""),
        ),
    ),
    Operator(
        "keep-nearly-every-pod",
        "Let a PodDisruptionBudget keep 99 % of the pods, which Kubernetes rounds up to all.",
        ("availability.disruption_budget",),
        at(of_kind("PodDisruptionBudget"), _minimum("99%")),
    ),
    Operator(
        "spread-with-any-skew",
        "Let a topology spread constraint allow any difference.",
        ("availability.topology_spread",),
        at(entries(pods, "topologySpreadConstraints"), setting(maxSkew=1000)),
    ),
    Operator(
        "probe-nobody",
        "Let a liveness probe ask nobody.",
        ("transport.probe_matches_tls",),
        at(servers, _asks_nobody),
    ),
    Operator(
        "add-privileged-init-container",
        "Add a privileged init container that is right in all else.",
        ("workload.not_privileged", "workload.no_privilege_escalation"),
        at(pods, _privileged_init),
    ),
    Operator(
        "encode-credential-in-config-map",
        "Write a URI with a password into a ConfigMap, in base64.",
        ("secrets.not_in_configmaps",),
        at(of_kind("ConfigMap"), setting(binaryData={"settings": base64.b64encode(_WITH_PASSWORD).decode()})),
    ),
    Operator(
        "export-credential-in-shell",
        "Export a credential in a shell's one long argument.",
        ("secrets.by_reference",),
        at(containers, _argument("export PASSWORD=hunter2hunter2; exec true")),
    ),
    Operator(
        "expose-by-external-name",
        "Lead a Service to a name outside the cluster.",
        ("network.service_exposure",),
        at(
            such(services, lambda s: found(s, ("spec", "clusterIP")) != "None"),
            setting(spec__type="ExternalName", spec__externalName="elsewhere.example.com"),
        ),
    ),
    Operator(
        "switch-dispatch-tls-off-by-argument",
        "Empty the path of the dispatch certificate by a flag.",
        ("transport.dispatch_tls",),
        at(
            such(servers, lambda c: value(c, "SPICEDB_DISPATCH_CLUSTER_TLS_CERT_PATH") is not None),
            _argument("--dispatch-cluster-tls-cert-path="),
        ),
    ),
)
