"""Each engine gets the settings that it reads, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import merge, put
from tests.project import chart, environment, production, refused, rendered, server

MYSQL = chart().examples["mysql.yaml"]
SPANNER = chart().examples["spanner.yaml"]
COCKROACHDB = chart().examples["production-cockroachdb.yaml"]
ENGINES = {"postgres": production(), "cockroachdb": COCKROACHDB, "mysql": MYSQL, "spanner": SPANNER}


def _migration(objects: dict[str, Any]) -> dict[str, Any]:
    (container,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = container
    return found


def _egress(objects: dict[str, Any], name: str) -> list[list[int]]:
    rules = objects[f"NetworkPolicy/{name}"]["spec"]["egress"]
    return [[port["port"] for port in rule["ports"]] for rule in rules[1:]]


@pytest.mark.parametrize(
    ("engine", "ports"),
    [("postgres", [[5432]]), ("cockroachdb", [[26257]]), ("mysql", [[3306]]), ("spanner", [[443], [80], [988]])],
)
def test_the_migration_reaches_its_datastore_and_nothing_else(engine: str, ports: list[list[int]]) -> None:
    objects = rendered(ENGINES[engine])
    assert _egress(objects, "spicedb-migration") == ports
    assert environment(_migration(objects))["SPICEDB_DATASTORE_ENGINE"] == engine


def test_mysql_always_has_the_last_word_on_tls() -> None:
    objects = rendered(MYSQL)
    for container in (server(objects), _migration(objects)):
        names = [entry["name"] for entry in container["env"]]
        assert names.index("DATASTORE_URI") < names.index("SPICEDB_DATASTORE_CONN_URI")
        settings = environment(container)
        assert settings["DATASTORE_URI"] == {"secretKeyRef": {"name": "spicedb-credentials", "key": "datastore_uri"}}
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == "$(DATASTORE_URI)&tls=true"
        assert settings["SSL_CERT_FILE"] == "/etc/spicedb/tls/datastore/ca.crt"
        assert settings["SPICEDB_DATASTORE_MYSQL_TABLE_PREFIX"] == "spicedb_"
        assert not any(name.startswith("PG") for name in settings)


def test_mysql_without_tls_takes_the_uri_as_it_is() -> None:
    values = put(put(MYSQL, "profile", "development"), "config.tls.datastore", {})
    assert environment(server(rendered(values)))["SPICEDB_DATASTORE_CONN_URI"] == {
        "secretKeyRef": {"name": "spicedb-credentials", "key": "datastore_uri"}
    }


def test_spanner_knows_itself_by_its_service_account_or_by_a_file() -> None:
    objects = rendered(SPANNER)
    annotation = {"iam.gke.io/gcp-service-account": "spicedb@example.iam.gserviceaccount.com"}
    assert objects["ServiceAccount/spicedb"]["metadata"]["annotations"] == annotation
    assert annotation.items() <= objects["ServiceAccount/spicedb-migration"]["metadata"]["annotations"].items()
    assert "GOOGLE_APPLICATION_CREDENTIALS" not in environment(server(objects))

    with_file = rendered(put(SPANNER, "config.datastore.spanner.credentialsSecret.name", "spicedb-spanner"))
    for container in (server(with_file), _migration(with_file)):
        (mount,) = (m for m in container["volumeMounts"] if m["name"] == "spanner-credentials")
        path = environment(container)["GOOGLE_APPLICATION_CREDENTIALS"]
        assert path == f"{mount['mountPath']}/credentials.json"
    assert _egress(with_file, "spicedb") == [[443]]


def test_settings_that_are_not_set_leave_spicedb_s_defaults() -> None:
    set_by_default = {name for name in environment(server(rendered(production()))) if name.startswith("SPICEDB_DATAS")}
    assert set_by_default == {"SPICEDB_DATASTORE_ENGINE", "SPICEDB_DATASTORE_CONN_URI"}


def test_settings_reach_the_server_and_not_the_migration() -> None:
    datastore = {
        "connectionPool": {"read": {"minOpen": 0, "maxOpen": 1000000 // 100, "maxLifetime": "1h"}},
        "gc": {"window": "72h", "interval": "10m"},
        "revisionQuantizationInterval": "0s",
        "maxTxRetries": 0,
        "watch": {"enabled": False},
        "migrationPhase": "write-both-read-new",
    }
    objects = rendered(production(config__datastore=datastore))
    settings = environment(server(objects))
    expected = {
        "CONN_POOL_READ_MIN_OPEN": "0",
        "CONN_POOL_READ_MAX_OPEN": "10000",
        "CONN_POOL_READ_MAX_LIFETIME": "1h",
        "GC_WINDOW": "72h",
        "GC_INTERVAL": "10m",
        "REVISION_QUANTIZATION_INTERVAL": "0s",
        "MAX_TX_RETRIES": "0",
        "DISABLE_WATCH_SUPPORT": "true",
        "MIGRATION_PHASE": "write-both-read-new",
    }
    for name, value in expected.items():
        assert settings[f"SPICEDB_DATASTORE_{name}"] == value
        assert f"SPICEDB_DATASTORE_{name}" not in environment(_migration(objects))


def test_the_pool_of_read_replicas_is_sized_where_there_are_any() -> None:
    datastore = {"readReplicas": ["one"], "connectionPool": {"readReplica": {"minOpen": 3, "maxOpen": 7}}}
    settings = environment(server(rendered(production(config__datastore=datastore))))
    assert {name: value for name, value in settings.items() if "POOL" in name} == {
        "SPICEDB_DATASTORE_READ_REPLICA_CONN_POOL_READ_MIN_OPEN": "3",
        "SPICEDB_DATASTORE_READ_REPLICA_CONN_POOL_READ_MAX_OPEN": "7",
    }
    assert refused(production(config__datastore=datastore | {"readReplicas": []})) == ["replica-pool-needs-replicas"]
    larger = {"readReplicas": ["one"], "connectionPool": {"readReplica": {"minOpen": 21}}}
    assert refused(production(config__datastore=larger)) == ["pool-minimum-within-maximum"]


def test_settings_with_several_values_are_arguments() -> None:
    datastore = {"readReplicas": ["one", "two"], "allowedMigrations": ["a", "b"]}
    container = server(rendered(put(MYSQL, "config.datastore", merge(MYSQL["config"]["datastore"], datastore))))
    assert container["args"] == [
        "serve",
        "--datastore-read-replica-conn-uri=$(DATASTORE_READ_REPLICA_URI_0)&tls=true",
        "--datastore-read-replica-conn-uri=$(DATASTORE_READ_REPLICA_URI_1)&tls=true",
        "--datastore-allowed-migrations=a",
        "--datastore-allowed-migrations=b",
    ]
    assert environment(container)["DATASTORE_READ_REPLICA_URI_1"] == {
        "secretKeyRef": {"name": "spicedb-credentials", "key": "two"}
    }


@pytest.mark.parametrize(
    ("pool", "reasons"),
    [
        ({"read": {"maxOpen": 5}}, ["pool-minimum-within-maximum"]),
        ({"write": {"minOpen": 11}}, ["pool-minimum-within-maximum"]),
        ({"write": {"maxOpen": 1}}, ["config.datastore.connectionPool.write.maxOpen"]),
        ({"read": {"maxLifetime": "10"}}, ["config.datastore.connectionPool.read.maxLifetime"]),
    ],
)
def test_a_pool_that_spicedb_would_size_otherwise_is_refused(pool: dict[str, Any], reasons: list[str]) -> None:
    assert refused(production(config__datastore__connectionPool=pool)) == reasons


def test_a_pool_with_both_numbers_is_accepted() -> None:
    assert rendered(production(config__datastore__connectionPool={"read": {"minOpen": 5, "maxOpen": 5}}))


@pytest.mark.parametrize(
    ("engine", "uri", "reasons"),
    [
        ("mysql", "u:p@tcp(db:3306)/spicedb?parseTime=true", []),
        ("mysql", "u:p/@:w@tcp(db:3306)/spicedb?timeout=5s&parseTime=true", []),
        ("mysql", "u:p@tcp(db:3306)/spicedb", ["datastore-uri-fits-mysql"]),
        ("mysql", "u:p@tcp(db:3306)/spicedb?parseTime=false", ["datastore-uri-fits-mysql"]),
        ("mysql", "mysql://u:p@db:3306/spicedb?parseTime=true", ["datastore-uri-fits-mysql"]),
        ("spanner", "projects/p/instances/i/databases/d", []),
        ("spanner", "projects/p/instances/i", ["datastore-uri-fits-spanner"]),
        ("postgres", "mysql://a/b", ["datastore-uri-fits-the-engine"]),
        ("postgres", "postgresql://a/b", []),
    ],
)
def test_the_uri_fits_the_engine(engine: str, uri: str, reasons: list[str]) -> None:
    values = {
        "config": {"datastoreEngine": engine},
        "secretData": {"presharedKey": "k" * 16, "datastoreURI": uri},
        "networkPolicy": {"enabled": False},
    }
    assert refused(values) == reasons if reasons else rendered(values)


SHARED = {"create": False, "name": "spicedb"}


def test_the_migration_can_share_the_server_s_account() -> None:
    values = production(config__migrations__mode="job", config__migrations__serviceAccount=SHARED)
    objects = rendered(values)
    assert [key for key in objects if key.startswith("ServiceAccount")] == ["ServiceAccount/spicedb"]
    (job,) = (o for key, o in objects.items() if key.startswith("Job/"))
    assert job["spec"]["template"]["spec"]["serviceAccountName"] == "spicedb"


def test_an_account_that_a_hook_could_not_find_or_that_is_made_twice_is_refused() -> None:
    assert refused(production(config__migrations__serviceAccount=SHARED)) == ["migration-hook-needs-an-account"]
    twice = production(config__migrations__serviceAccount={"name": "spicedb"})
    assert refused(twice) == ["migration-account-is-made-once"]
