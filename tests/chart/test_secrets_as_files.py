"""Secrets as the file spicedb.env in the working directory, and nothing of them in a variable."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, production, refused, rendered, rendering, server

AS_FILE = production(secretsAs="file")
STORED = put(chart().examples["postgres-external-secrets.yaml"], "secretsAs", "file")
MYSQL = put(put(chart().examples["mysql.yaml"], "profile", "development"), "config.tls.datastore", {})
RDS = put(chart().examples["production-postgres-podidentity.yaml"], "secretsAs", "file")
PARTS = {"host": "db.example.com", "user": "authz", "database": "spicedb"}
INLINE = {
    "config": {"datastoreEngine": "postgres"},
    "networkPolicy": {"enabled": False},
    "secretsAs": "file",
    "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b"},
}


def _pod(objects: dict[str, Any], kind: str) -> dict[str, Any]:
    (key,) = (key for key in objects if key.startswith(kind))
    found: dict[str, Any] = objects[key]["spec"]["template"]["spec"]
    return found


def _source(objects: dict[str, Any], kind: str) -> tuple[str, str] | None:
    """The Secret and key that lie at the path which SpiceDB reads, of the first container of a pod."""
    pod = _pod(objects, kind)
    container = pod["containers"][0]
    mounts = [m for m in container.get("volumeMounts", []) if m["mountPath"] == container.get("workingDir", "/")]
    sources = [v["secret"] for v in pod.get("volumes", []) if v["name"] in {m["name"] for m in mounts}]
    found = [(s["secretName"], i["key"]) for s in sources for i in s["items"] if i["path"] == "spicedb.env"]
    return found[0] if found else None


def _of_variables(objects: dict[str, Any]) -> list[str]:
    return [
        entry["name"]
        for kind in ("Deployment", "Job")
        for container in _pod(objects, kind)["containers"]
        for entry in container["env"]
        if "secretKeyRef" in entry.get("valueFrom", {})
    ]


def test_no_secret_is_in_a_variable_and_each_of_both_reads_its_own_file() -> None:
    objects = rendered(AS_FILE)
    assert len(_of_variables(rendered(production()))) == 3
    assert _of_variables(objects) == []
    assert _source(objects, "Deployment") == ("spicedb-credentials", "spicedb.env")
    assert _source(objects, "Job") == ("spicedb-credentials", "migration.env")
    assert "SPICEDB_DATASTORE_CONN_URI" not in environment(server(objects))


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_only_the_file_and_nothing_else_of_the_secret_is_in_the_pod(kind: str) -> None:
    volumes = [v for v in _pod(rendered(AS_FILE), kind)["volumes"] if v["name"] == "secret-file"]
    assert [[item["path"] for item in v["secret"]["items"]] for v in volumes] == [["spicedb.env"]]


def test_keys_can_have_other_names_and_the_migration_a_login_of_its_own() -> None:
    keys = {"serverFile": "server", "migrationFile": "admin"}
    objects = rendered(put(AS_FILE, "existingSecretKeys", keys))
    assert _source(objects, "Deployment") == ("spicedb-credentials", "server")
    assert _source(objects, "Job") == ("spicedb-credentials", "admin")
    objects = rendered(put(AS_FILE, "config.migrations.datastoreSecret", {"name": "ddl", "key": "file"}))
    assert _source(objects, "Deployment") == ("spicedb-credentials", "spicedb.env")
    assert _source(objects, "Job") == ("ddl", "file")


def test_the_chart_s_own_secret_holds_both_files_and_pods_restart_with_them() -> None:
    objects = rendered(INLINE)
    data = {key: b64decode(text).decode() for key, text in objects["Secret/spicedb"]["data"].items()}
    assert data == {
        "spicedb.env": f"SPICEDB_GRPC_PRESHARED_KEY='{'k' * 16}'\nSPICEDB_DATASTORE_CONN_URI='postgres://a/b'\n",
        "migration.env": "SPICEDB_DATASTORE_CONN_URI='postgres://a/b'\n",
    }
    other = rendered(put(INLINE, "secretData.datastoreURI", "postgres://a/c"))
    one, two = (
        of["Deployment/spicedb"]["spec"]["template"]["metadata"]["annotations"]["checksum/secret"]
        for of in (objects, other)
    )
    assert one != two


def test_the_memory_engine_has_the_preshared_key_alone() -> None:
    objects = rendered({"secretsAs": "file"})
    (text,) = objects["Secret/spicedb"]["data"].values()
    assert b64decode(text).decode().startswith("SPICEDB_GRPC_PRESHARED_KEY='predictable-")
    assert _source(objects, "Deployment") == ("spicedb", "spicedb.env")


def test_a_store_s_secret_is_made_of_the_same_files() -> None:
    objects = rendered(STORED)
    spec = objects["ExternalSecret/spicedb"]["spec"]
    assert spec["target"]["template"]["data"] == {
        "spicedb.env": "SPICEDB_GRPC_PRESHARED_KEY='{{ .preshared_key }}'\n"
        "SPICEDB_DATASTORE_CONN_URI='{{ .datastore_uri }}'\n",
        "migration.env": "SPICEDB_DATASTORE_CONN_URI='{{ .datastore_uri }}'\n",
    }
    assert {entry["secretKey"] for entry in spec["data"]} == {"preshared_key", "datastore_uri"}
    assert {_source(objects, kind) for kind in ("Deployment", "Job")} == {
        ("spicedb-credentials", "spicedb.env"),
        ("spicedb-credentials", "migration.env"),
    }


def test_a_migration_without_a_secret_has_no_file() -> None:
    objects = rendered(RDS)
    assert _source(objects, "Deployment") == ("spicedb-credentials", "spicedb.env")
    assert _source(objects, "Job") is None
    assert "workingDir" not in _pod(objects, "Job")["containers"][0]


def test_parts_of_a_uri_stay_in_sight_and_the_password_is_in_the_file() -> None:
    objects = rendered(put(AS_FILE, "config.datastore.connection", PARTS))
    assert environment(server(objects))["SPICEDB_DATASTORE_CONN_URI"].startswith("postgresql://authz@db.example.com")
    assert (_source(objects, "Job"), _of_variables(objects)) == (("spicedb-credentials", "migration.env"), [])


def test_a_stateful_set_reads_its_file_too() -> None:
    objects = rendered(put(AS_FILE, "deployment.kind", "StatefulSet"))
    assert _source(objects, "StatefulSet") == ("spicedb-credentials", "spicedb.env")


def test_what_a_file_must_not_decide_is_said() -> None:
    settings = environment(server(rendered(put(INLINE, "config.dispatch.enabled", False))))
    assert settings["SPICEDB_DISPATCH_UPSTREAM_ADDR"] == ""
    spanner = put(chart().examples["spanner.yaml"], "secretsAs", "file")
    assert environment(server(rendered(spanner)))["SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST"] == ""


def test_the_notes_read_the_key_from_the_file() -> None:
    notes = rendering(AS_FILE).notes
    assert "jsonpath='{.data.spicedb\\.env}' | base64 --decode | sed -n" in notes


def test_the_test_s_client_which_reads_no_file_takes_the_key_by_its_name() -> None:
    values = put(AS_FILE, "tests", {"enabled": True, "check": "a#b@c", "caSecretName": "ca"})
    pod = rendered(put(values, "existingSecretKeys.presharedKey", "token"))["Pod/spicedb-test"]
    references = {
        entry["valueFrom"]["secretKeyRef"]["key"] for c in pod["spec"]["containers"] for entry in c["env"][:1]
    }
    assert references == {"token"}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (
            put(AS_FILE, "extraEnv", [{"name": "SPICEDB_GRPC_PRESHARED_KEY", "value": ""}]),
            "additions-leave-the-chart-s-settings",
        ),
        (put(AS_FILE, "config.customFlags", {"grpc-preshared-key": "$(A)"}), "additions-leave-the-chart-s-settings"),
        (
            put(put(AS_FILE, "profile", "development"), "image.tag", "v1.24.0"),
            "secrets-as-files-need-a-version-that-has-them",
        ),
        (put(AS_FILE, "config.datastore.readReplicas", ["a"]), "secrets-as-file-come-from-one-secret"),
        (put(AS_FILE, "config.datastore.existingSecret", "other"), "secrets-as-file-come-from-one-secret"),
        (
            put(MYSQL | {"secretsAs": "file"}, "config.datastore.connection", PARTS),
            "secrets-as-file-hold-the-uri-of-mysql",
        ),
        (
            put(MYSQL | {"secretsAs": "file"}, "config.tls.datastore", {"enabled": True, "secretName": "ca"}),
            "secrets-as-file-leave-tls-of-mysql-to-the-uri",
        ),
        (
            put(AS_FILE, "config.datastore.connection", PARTS | {"passwordSecret": {"name": "p"}}),
            "secrets-as-file-hold-the-password",
        ),
        (put(INLINE, "secretData.datastoreURI", "postgres://a:it's@b/c"), "secrets-as-file-quote-the-uri"),
        (
            put(put(STORED, "externalSecret.remoteRefs.datastoreURI", {}), "config.datastore.connection", PARTS),
            "external-secret-file-holds-the-uri",
        ),
    ],
)
def test_what_a_file_cannot_hold_is_refused(values: dict[str, Any], reason: str) -> None:
    assert reason in refused(values)
