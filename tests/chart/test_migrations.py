"""The migration Job: named by what it does, a hook only where it can be, on the server's own datastore."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, production, refused, rendered, server


def _job(**changes: Any) -> tuple[str, dict[str, Any]]:
    objects = rendered(production(config__migrations__mode="job", **changes))
    ((name, job),) = ((key, o) for key, o in objects.items() if key.startswith("Job/"))
    return name.removeprefix("Job/"), job


def test_job_and_server_share_every_setting_of_the_datastore() -> None:
    objects = rendered(production())
    (migration,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    of_datastore = ("SPICEDB_DATASTORE_", "PG")
    ours = {k: v for k, v in environment(server(objects)).items() if k.startswith(of_datastore)}
    assert {k: v for k, v in environment(migration).items() if k.startswith(of_datastore)} == ours
    assert migration["image"] == server(objects)["image"]
    assert migration["args"] == ["datastore", "migrate", "head"]


@pytest.mark.parametrize(
    "change",
    [
        {"image__tag": "v1.52.0"},
        {"config__datastoreEngine": "cockroachdb"},
        {"existingSecret": "another"},
        {"config__migrations__targetMigration": "add-xid-columns"},
        {"config__migrations__timeoutSeconds": 60},
        {"config__tls__datastore__clientCertificate": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_changes_the_job_changes_its_name(change: dict[str, Any]) -> None:
    assert _job(**change)[0] != _job()[0]


@pytest.mark.parametrize(
    ("engine", "version", "migration"),
    [
        ("postgres", "v1.52.0", "add-index-for-transaction-gc"),
        ("postgres", "v1.56.0", "populate-schema-tables"),
        ("cockroachdb", "v1.38.1", "add-transaction-metadata-table"),
        ("postgres", "v1.52.9", "add-index-for-transaction-gc"),
    ],
)
def test_the_datastore_is_seen_to_be_where_the_version_left_it(engine: str, version: str, migration: str) -> None:
    _, job = _job(
        config__datastoreEngine=engine,
        config__migrations__fromVersion=version,
        config__migrations__checkFromVersion=True,
    )
    pod = job["spec"]["template"]["spec"]
    (check,), (migrate,) = pod["initContainers"], pod["containers"]
    assert check["args"] == ["datastore", "migrate", migration]
    assert check | {"name": "migrate", "args": migrate["args"]} == migrate


def test_a_version_whose_migrations_nobody_knows_is_refused() -> None:
    values = put(chart().examples["spanner.yaml"], "config.migrations.fromVersion", "v1.20.0")
    older = put(put(values, "image.tag", "v1.21.0"), "profile", "development")
    assert refused(put(older, "config.migrations.checkFromVersion", True)) == ["check-knows-the-version"]
    assert refused(production(config__migrations__checkFromVersion=True)) == ["check-needs-a-version-and-a-migration"]


@pytest.mark.parametrize("change", [{"config__replicas": 5}, {"resources__limits__memory": "8Gi"}])
def test_what_leaves_the_job_alone_leaves_its_name_alone(change: dict[str, Any]) -> None:
    assert _job(**change) == _job()


def test_a_hook_brings_what_it_needs_before_it_and_takes_it_away() -> None:
    objects = rendered(production())
    annotations = {
        key: (a["helm.sh/hook"], int(a["helm.sh/hook-weight"]), a["helm.sh/hook-delete-policy"])
        for key, o in objects.items()
        if "helm.sh/hook" in (a := o["metadata"].get("annotations", {}))
    }
    needed = ("pre-install,pre-upgrade", -10, "before-hook-creation,hook-succeeded")
    assert annotations == {
        "Job/spicedb-migration": ("pre-install,pre-upgrade", -5, "before-hook-creation"),
        "ServiceAccount/spicedb-migration": needed,
        "NetworkPolicy/spicedb-migration": needed,
    }


def test_a_hook_can_not_read_a_secret_that_the_release_makes() -> None:
    values = {
        "config": {"datastoreEngine": "postgres", "migrations": {"mode": "hook"}},
        "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b"},
        "networkPolicy": {"enabled": False},
    }
    assert refused(values) == ["migration-hook-needs-existing-secret"]


def test_the_deadline_covers_every_try() -> None:
    _, job = _job(config__migrations__timeoutSeconds=600, config__migrations__backoffLimit=1)
    assert job["spec"]["activeDeadlineSeconds"] >= 2 * 600
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert environment(container)["SPICEDB_MIGRATION_TIMEOUT"] == "600s"


def test_the_memory_engine_has_no_migration() -> None:
    assert [key for key in rendered({}) if "migration" in key] == []


def test_pods_of_the_migration_belong_to_no_service_and_no_budget() -> None:
    objects = rendered(production())
    labels = objects["Job/spicedb-migration"]["spec"]["template"]["metadata"]["labels"].items()
    for key in ("Service/spicedb", "Service/spicedb-headless"):
        assert not objects[key]["spec"]["selector"].items() <= labels
    assert not objects["PodDisruptionBudget/spicedb"]["spec"]["selector"]["matchLabels"].items() <= labels


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("v1.52.0", "", []),
        ("v1.56.0", "v1.56.0", []),
        ("v1.56.0", "latest", []),
        ("v1.56.0", "v1.52.0", ["upgrade-goes-forward"]),
        ("v1.36.2", "v1.37.1", []),
        ("v1.36.2", "v1.40.1", ["upgrade-from-1-36-stops-again"]),
        ("v1.9.0", "v1.36.2", ["upgrade-of-postgres-stops-at-1-14"]),
        ("v1.35.3", "v1.37.1", ["upgrade-stops-at-1-36"]),
        ("1.52", "", ["config.migrations.fromVersion"]),
    ],
)
def test_an_upgrade_stops_where_it_must_and_goes_forward(old: str, new: str, reasons: list[str]) -> None:
    values = production(profile="development", config__migrations__fromVersion=old, image__tag=new)
    assert refused(values) == reasons if reasons else rendered(values)


def test_going_back_is_possible_without_a_migration() -> None:
    migrations = {"enabled": False, "fromVersion": "v1.56.0"}
    datastore = {"allowedMigrations": ["populate-schema-tables"]}
    values = production(image__tag="v1.52.0", config__migrations=migrations, config__datastore=datastore)
    assert server(rendered(values))["args"] == ["serve", "--datastore-allowed-migrations=populate-schema-tables"]
