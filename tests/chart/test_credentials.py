"""Where server and migration take their credentials from."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, production, refused, rendered, rendering, server

MYSQL = chart().examples["mysql.yaml"]
PARTS = {"host": "db.example.com", "user": "authz", "database": "spicedb", "passwordSecret": {"name": "login"}}


def _reference(name: str, key: str) -> dict[str, Any]:
    return {"secretKeyRef": {"name": name, "key": key}}


def _settings(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Those of the server and of the migration."""
    objects = rendered(values)
    (migration,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    return environment(server(objects)), environment(migration)


def test_keys_can_have_other_names() -> None:
    of_server, _ = _settings(production(existingSecretKeys={"presharedKey": "token", "datastoreURI": "uri"}))
    assert of_server["SPICEDB_GRPC_PRESHARED_KEY"] == _reference("spicedb-credentials", "token")
    assert of_server["SPICEDB_DATASTORE_CONN_URI"] == _reference("spicedb-credentials", "uri")


def test_the_notes_read_the_key_by_its_name() -> None:
    assert "{.data.to\\.ken}" in rendering(production(existingSecretKeys__presharedKey="to.ken")).notes


def test_the_notes_and_the_workloads_repeat_no_credential_of_the_values() -> None:
    key, login = "kept-out-of-the-notes-0001", "postgres://spicedb:kept-out-too@db.example.com:5432/spicedb"
    values = put(
        production(existingSecret="", secretData={"presharedKey": key, "datastoreURI": login}), "profile", "development"
    )
    made = rendering(put(values, "config.migrations.mode", "job"))
    (secret,) = (o.data for o in made.objects if o.kind == "Secret")
    assert b64decode(secret["data"]["preshared_key"]).decode() == key
    said = [made.notes, *(o.json for o in made.objects if o.kind != "Secret")]
    for text in (key, login, "kept-out-too", secret["data"]["preshared_key"], secret["data"]["datastore_uri"]):
        assert [where for where in said if text in where] == []


def test_the_uri_can_have_a_secret_of_its_own() -> None:
    of_server, of_migration = _settings(production(config__datastore__existingSecret="datastore"))
    assert of_server["SPICEDB_GRPC_PRESHARED_KEY"] == _reference("spicedb-credentials", "preshared_key")
    for settings in (of_server, of_migration):
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == _reference("datastore", "datastore_uri")


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ({"name": "admin"}, ("admin", "datastore_uri")),
        ({"key": "admin_uri"}, ("spicedb-credentials", "admin_uri")),
        ({"name": "admin", "key": "admin_uri"}, ("admin", "admin_uri")),
    ],
)
def test_the_migration_can_have_a_login_of_its_own(secret: dict[str, str], found: tuple[str, str]) -> None:
    objects = rendered(production(config__migrations__datastoreSecret=secret))
    of_server, of_migration = _settings(production(config__migrations__datastoreSecret=secret))
    assert of_migration["SPICEDB_DATASTORE_CONN_URI"] == _reference(*found)
    assert of_server["SPICEDB_DATASTORE_CONN_URI"] == _reference("spicedb-credentials", "datastore_uri")
    assert not {"admin", "admin_uri"} & set(str(objects["Deployment/spicedb"]).replace("'", " ").split())


@pytest.mark.parametrize(
    ("engine", "user", "uri"),
    [
        ("postgres", "authz", "postgresql://authz@db.example.com:5432/spicedb"),
        ("cockroachdb", "a+b/c@d", "postgresql://a%2Bb%2Fc%40d@db.example.com:26257/spicedb"),
    ],
)
def test_a_uri_in_parts_is_encoded_and_holds_no_password(engine: str, user: str, uri: str) -> None:
    values = production(config__datastoreEngine=engine, config__datastore__connection=PARTS | {"user": user})
    for settings in _settings(values):
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == uri
        assert settings["PGPASSWORD"] == _reference("login", "password")


@pytest.mark.parametrize("host", ["DB.example.com", "[2001:db8::5]", "db_1", "10.0.0.5"])
def test_a_datastore_has_any_name_or_address_that_a_uri_can_hold(host: str) -> None:
    for settings in _settings(production(config__datastore__connection=PARTS | {"host": host})):
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == f"postgresql://authz@{host}:5432/spicedb"


@pytest.mark.parametrize("host", ["2001:db8::5", "db/other", "db:5433", "user@db", "-db"])
def test_a_host_that_would_end_in_the_middle_of_a_uri_is_refused(host: str) -> None:
    values = production(config__datastore__connection=PARTS | {"host": host})
    assert refused(values) == ["config.datastore.connection.host"]


def test_the_kubelet_writes_the_password_into_a_uri_of_mysql() -> None:
    for settings in _settings(put(MYSQL, "config.datastore.connection", PARTS | {"port": 3307})):
        assert list(settings).index("DATASTORE_PASSWORD") < list(settings).index("SPICEDB_DATASTORE_CONN_URI")
        assert settings["DATASTORE_PASSWORD"] == _reference("login", "password")
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == (
            "authz:$(DATASTORE_PASSWORD)@tcp(db.example.com:3307)/spicedb?parseTime=true&tls=true"
        )


def test_the_policy_opens_the_port_of_the_connection() -> None:
    policy = rendered(production(config__datastore__connection=PARTS | {"port": 6543}))[
        "NetworkPolicy/spicedb-migration"
    ]
    assert [port["port"] for port in policy["spec"]["egress"][1]["ports"]] == [6543]


def test_a_login_that_mysql_could_not_tell_from_the_rest_is_refused() -> None:
    values = put(MYSQL, "config.datastore.connection", PARTS | {"user": "a:b"})
    assert refused(values) == ["mysql-login-needs-no-encoding"]


@pytest.mark.parametrize("revision", ["2", 20260901, "2026-09-01T10:00"])
def test_a_new_revision_of_a_secret_restarts_pods_and_migrates_again(revision: object) -> None:
    objects = rendered(production(secretRevision=revision))
    for key in ("Deployment/spicedb", "Job/spicedb-migration"):
        assert objects[key]["spec"]["template"]["metadata"]["annotations"] == {"secret-revision": str(revision)}


def test_both_annotations_stand_together() -> None:
    values = {"secretData": {"presharedKey": "k" * 16}, "secretRevision": "2"}
    annotations = rendered(values)["Deployment/spicedb"]["spec"]["template"]["metadata"]["annotations"]
    assert sorted(annotations) == ["checksum/secret", "secret-revision"]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"config__datastore__connection": {"user": "u"}}, ["connection-needs-a-host"]),
        ({"config__datastore__connection": {"host": "h"}}, ["connection-needs-a-user", "connection-needs-a-database"]),
        (
            {"config__datastore__connection": PARTS, "config__datastore__existingSecret": "s"},
            ["datastore-uri-has-one-source"],
        ),
        (
            {"config__datastore__connection": PARTS, "config__migrations__datastoreSecret": {"name": "s"}},
            ["migration-secret-needs-a-migration"],
        ),
    ],
)
def test_two_sources_or_half_a_source_are_refused(changes: dict[str, Any], reasons: list[str]) -> None:
    assert refused(production(**changes)) == reasons


def test_the_chart_s_own_secret_has_no_uri_where_it_comes_from_elsewhere() -> None:
    values = {
        "config": {"datastoreEngine": "postgres", "datastore": {"existingSecret": "datastore"}},
        "secretData": {"presharedKey": "k" * 16},
        "networkPolicy": {"enabled": False},
    }
    assert sorted(rendered(values)["Secret/spicedb"]["data"]) == ["preshared_key"]
