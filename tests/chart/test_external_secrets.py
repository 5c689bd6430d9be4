"""The Secret that the External Secrets Operator makes is the one that the pods read."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, refused, rendered, server

STORED = chart().examples["postgres-external-secrets.yaml"]


def test_every_key_that_the_pods_read_comes_from_the_store() -> None:
    objects = rendered(STORED)
    spec = objects["ExternalSecret/spicedb"]["spec"]
    assert spec == {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": "company-vault", "kind": "ClusterSecretStore"},
        "target": {"name": "spicedb-credentials", "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": [
            {"secretKey": "datastore_uri", "remoteRef": {"key": "spicedb/datastore", "property": "uri"}},
            {"secretKey": "preshared_key", "remoteRef": {"key": "spicedb/api", "property": "token"}},
        ],
    }
    (migration,) = objects[next(key for key in objects if key.startswith("Job/"))]["spec"]["template"]["spec"][
        "containers"
    ]
    read = [
        value["secretKeyRef"]
        for container in (server(objects), migration)
        for value in environment(container).values()
        if isinstance(value, dict)
    ]
    assert {reference["name"] for reference in read} == {spec["target"]["name"]}
    assert {reference["key"] for reference in read} == {entry["secretKey"] for entry in spec["data"]}
    assert "Secret/spicedb" not in objects


def test_the_memory_engine_needs_the_key_alone() -> None:
    refs = {"presharedKey": {"key": "api"}}
    external = {"enabled": True, "secretStoreRef": {"name": "vault"}, "remoteRefs": refs}
    spec = rendered({"existingSecret": "made", "externalSecret": external})["ExternalSecret/spicedb"]["spec"]
    assert spec["data"] == [{"secretKey": "preshared_key", "remoteRef": {"key": "api"}}]


@pytest.mark.parametrize(
    ("path", "value", "reasons"),
    [
        ("config.migrations.mode", "hook", ["migration-hook-excludes-external-secret"]),
        ("externalSecret.secretStoreRef.name", "", ["external-secret-needs-a-store"]),
        ("externalSecret.remoteRefs.datastoreURI", {}, ["external-secret-needs-a-datastore-uri"]),
        ("externalSecret.enabled", False, ["external-secret-settings-need-it"]),
    ],
)
def test_what_would_leave_pods_without_their_secret_is_refused(path: str, value: Any, reasons: list[str]) -> None:
    assert refused(put(STORED, path, value)) == reasons


def test_keys_with_other_names_are_written_and_read_under_them() -> None:
    keys = {"presharedKey": "token", "datastoreURI": "uri"}
    objects = rendered(put(STORED, "existingSecretKeys", keys))
    written = {entry["secretKey"] for entry in objects["ExternalSecret/spicedb"]["spec"]["data"]}
    assert written == {"token", "uri"}
    assert environment(server(objects))["SPICEDB_GRPC_PRESHARED_KEY"]["secretKeyRef"]["key"] == "token"


def test_a_uri_from_elsewhere_needs_no_entry_of_the_store() -> None:
    values = put(put(STORED, "config.datastore.existingSecret", "made"), "externalSecret.remoteRefs.datastoreURI", {})
    data = rendered(values)["ExternalSecret/spicedb"]["spec"]["data"]
    assert [entry["secretKey"] for entry in data] == ["preshared_key"]
