"""Credentials where everybody can read them."""

from __future__ import annotations

from compliance.model import Json
from compliance.mutation import manifests
from compliance.mutation.manifests import (
    Change,
    added,
    appended,
    at,
    entries,
    every_object,
    found,
    of_kind,
    pods,
    setting,
    such,
    templates,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, has, reset, servers, unset

_KEY = "averysecretkey123"
_RANDOM = "q7Zt2Lw9Xk4Vb8Rn3Jf6Hs1Dp5Gy0Mc"
_URI = "postgres://spicedb:hunter2hunter2@db.example.com/spicedb"

# Variables that take their value from a Secret.
_references = such(entries(containers, "env"), lambda e: bool(found(e, ("valueFrom", "secretKeyRef"))))


def _argument(container: Json) -> Json:
    return appended(container, "args", f"--grpc-preshared-key={_KEY}")


def _from_config_map(entry: Json) -> Json:
    return {"name": entry["name"], "valueFrom": {"configMapKeyRef": {"name": "spicedb", "key": "key"}}}


def _literal(entry: Json) -> Json:
    return {"name": entry["name"], "value": _URI if "URI" in entry["name"] else _KEY}


def _annotated(holder: Json) -> Json:
    return with_(holder, ["metadata", "annotations", "example.com/datastore"], _URI)


def _made_of(kind: str, data: Json) -> Change:
    """Another object with the same labels, in the same namespace."""

    def make(account: Json) -> Json:
        metadata = {**account["metadata"], "name": "more"}
        return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **data}

    return make


def _rendered_secret(account: Json) -> Json:
    return _made_of("Secret", {"type": "Opaque", "stringData": {"preshared_key": _KEY}})(account)


OPERATORS = (
    Operator(
        "write-credential-out",
        "Write a credential into the environment in place of a reference to a Secret.",
        ("secrets.by_reference",),
        at(_references, _literal),
    ),
    Operator(
        "take-credential-from-config-map",
        "Take a credential from a ConfigMap.",
        ("secrets.by_reference",),
        at(_references, _from_config_map),
    ),
    Operator(
        "pass-credential-as-argument",
        "Write the preshared key into the arguments.",
        ("secrets.by_reference",),
        at(such(servers, lambda c: has(c, "SPICEDB_GRPC_PRESHARED_KEY")), _argument),
    ),
    Operator(
        "keep-credential-in-variable",
        "Write a URI with a password into a variable of any name.",
        ("secrets.by_reference",),
        at(containers, lambda c: appended(c, "env", {"name": "EXAMPLE_ENDPOINT", "value": _URI})),
    ),
    Operator(
        "annotate-with-credential",
        "Write a URI with a password into an object's annotations.",
        ("secrets.not_in_configmaps",),
        at(every_object, _annotated),
    ),
    Operator(
        "annotate-pods-with-credential",
        "Write a URI with a password into the annotations of a pod template.",
        ("secrets.not_in_configmaps",),
        at(such(templates, lambda t: "kind" not in t), _annotated),
    ),
    Operator(
        "add-config-map-with-credential",
        "Add a ConfigMap that holds the preshared key.",
        ("secrets.not_in_configmaps",),
        added(of_kind("ServiceAccount"), _made_of("ConfigMap", {"data": {"preshared_key": _KEY}})),
    ),
    Operator(
        "keep-credential-in-config-map",
        "Write a URI with a password into a ConfigMap.",
        ("secrets.not_in_configmaps",),
        at(of_kind("ConfigMap"), lambda m: with_(m, ["data", "example"], f"uri: {_URI}")),
    ),
    Operator(
        "take-whole-secret",
        "Take all keys of a Secret into the environment.",
        ("secrets.named_keys",),
        at(manifests.containers, lambda c: appended(c, "envFrom", {"secretRef": {"name": "spicedb-credentials"}})),
    ),
    Operator(
        "use-well-known-key",
        "Write a key into a variable that stands in every tutorial.",
        ("secrets.no_default_keys",),
        at(containers, lambda c: appended(c, "env", {"name": "EXAMPLE_VALUE", "value": "somerandomkeyhere"})),
    ),
    Operator(
        "pass-well-known-key",
        "Pass a key as an argument that stands in every tutorial.",
        ("secrets.no_default_keys", "secrets.by_reference"),
        at(servers, lambda c: appended(c, "args", "--grpc-preshared-key=somerandomkeyhere")),
    ),
    Operator(
        "annotate-with-random-key",
        "Write what looks like a random key into an object's annotations.",
        ("secrets.no_random_strings",),
        at(every_object, lambda o: with_(o, ["metadata", "annotations", "example.com/thing"], _RANDOM)),
    ),
    Operator(
        "set-random-key",
        "Write what looks like a random key into a variable whose name says nothing.",
        ("secrets.no_random_strings",),
        at(containers, lambda c: appended(c, "env", {"name": "EXAMPLE_THING", "value": _RANDOM})),
    ),
    Operator(
        "forget-preshared-key",
        "Leave the preshared key out.",
        ("secrets.preshared_key",),
        at(servers, unset("SPICEDB_GRPC_PRESHARED_KEY")),
    ),
    Operator(
        "empty-preshared-key",
        "Give a server an empty preshared key beside another.",
        ("secrets.preshared_key",),
        at(servers, reset("SPICEDB_GRPC_PRESHARED_KEY", ",other")),
    ),
    Operator(
        "let-key-be-missing",
        "Let a container start without a key of a Secret.",
        ("secrets.required",),
        at(_references, setting(valueFrom__secretKeyRef__optional=True)),
    ),
    Operator(
        "let-secret-be-missing",
        "Let a pod start without a Secret of a volume.",
        ("secrets.required",),
        at(such(entries(pods, "volumes"), lambda v: bool(v.get("secret"))), setting(secret__optional=True)),
    ),
    Operator(
        "render-secret",
        "Add a Secret with its data.",
        ("secrets.not_rendered",),
        added(of_kind("ServiceAccount"), _rendered_secret),
    ),
)
