"""Changes that are planned: no request fails, though no client tries again. Chance could hide it: repeat them."""

from __future__ import annotations

import secrets
from contextlib import ExitStack

import pytest

from compliance.values import merge, put
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import install
from tests.cluster.kit.scenario import repeated, scenario
from tests.cluster.kit.values import CREDENTIALS, on_postgres, with_dispatch
from tests.cluster.services.postgres import Database, Server

OLD, NEW = "v1.52.0", "v1.56.0"
OLD_MIGRATION, NEW_MIGRATION = "add-index-for-transaction-gc", "populate-schema-tables"


@repeated
@scenario("load.rolling-update", "A rolling update fails no request, though no client tries again")
def test_a_rolling_update_fails_no_request(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database))
    release = install(namespace, values).ready()
    with release.load(namespace.probe()) as load, load.during("update"):
        release.upgrade({**values, "podAnnotations": {"restarted": "yes"}}).settled()
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("load.upgrade", f"An upgrade from {OLD} to {NEW}, with its migration, fails no request")
@pytest.mark.parametrize("mode", ["job", "hook"])
def test_an_upgrade_with_a_migration_fails_no_request(
    namespace: Namespace, database: Database, postgres: Server, recorder: Recorder, mode: str
) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database, config__migrations__mode=mode))
    release = install(namespace, put(values, "image.tag", OLD)).ready()
    assert migrated_to(postgres, database) == OLD_MIGRATION
    with release.load(namespace.probe()) as load, load.during("upgrade"):
        release.upgrade(put(values, "image.tag", NEW)).settled()
    assert migrated_to(postgres, database) == NEW_MIGRATION
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("load.rollback", f"Going back to {OLD}, with the newer migration allowed, fails no request")
@pytest.mark.parametrize("way", ["rollback", "upgrade"])
def test_a_rollback_fails_no_request(
    namespace: Namespace, database: Database, postgres: Server, recorder: Recorder, way: str
) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database))
    allowed = {"datastore": {"allowedMigrations": [NEW_MIGRATION]}, "migrations": {"enabled": False}}
    back = merge(values, {"image": {"tag": OLD}, "config": allowed})
    release = install(namespace, put(values, "image.tag", OLD)).ready()
    if way == "rollback":
        release.upgrade(back).settled()  # the revision to go back to
    release.upgrade(put(values, "image.tag", NEW)).settled()
    with release.load(namespace.probe()) as load, load.during("rollback"):
        if way == "rollback":
            release.rollback(2, "--wait")
        else:
            release.upgrade(put(back, "config.migrations.fromVersion", NEW))
        release.settled()
    assert {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in release.pods()} == {OLD}
    assert migrated_to(postgres, database) == NEW_MIGRATION
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("load.scaling", "Scaling from two pods to four and back fails no request")
def test_scaling_fails_no_request(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database))
    release = install(namespace, values).ready()
    with release.load(namespace.probe()) as load:
        for event, replicas in (("out", 4), ("in", 2)):
            with load.during(event):
                release.upgrade(put(values, "config.replicas", replicas)).settled()
                assert len(release.pods()) == replicas
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("load.key-rotation", "Replacing the preshared key in the three documented steps fails no request")
def test_rotating_the_preshared_key_fails_no_request(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database))
    release = install(namespace, values).ready()
    old, new = release.token(), secrets.token_hex(16)

    def rotate(keys: str, revision: str) -> None:
        namespace.secret(CREDENTIALS, {"preshared_key": keys})
        release.upgrade({**values, "secretRevision": revision}).settled()

    with ExitStack() as stack:
        before = stack.enter_context(release.load(namespace.probe("before"), token=old))
        rotate(f"{old},{new}", "1")
        # From here on clients may change over, as long as it takes them.
        after = stack.enter_context(release.load(namespace.probe("after"), token=new))
        rotate(f"{new},{old}", "2")
        before.end()
        rotate(new, "3")
    reports = [before.report(), after.report()]
    recorder.count(**{name: sum(report.counts()[name] for report in reports) for name in reports[0].counts()})
    assert [(report.failed, report.wrong) for report in reports] == [({}, 0)] * 2, [r.complaints for r in reports]
    refused = namespace.probe("late").check(release.target(token=old), "document:1#view@user:1")
    assert list(refused.errors) != []


def migrated_to(server: Server, database: Database) -> str:
    return server.sql("SELECT version_num FROM alembic_version", database=database.name)
