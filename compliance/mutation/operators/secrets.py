"""Credentials where everybody can read them."""

from __future__ import annotations

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    added,
    appended,
    at,
    entries,
    every_object,
    found,
    of_kind,
    such,
    templates,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, has, servers

_KEY = "averysecretkey123"
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
        "render-secret",
        "Add a Secret with its data.",
        ("secrets.not_rendered",),
        added(of_kind("ServiceAccount"), _rendered_secret),
    ),
)
