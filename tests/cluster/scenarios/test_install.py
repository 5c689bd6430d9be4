"""Installing the chart, in the ways that people do, and taking it away."""

from __future__ import annotations

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.release import Release, install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres
from tests.cluster.services.postgres import Database


def answers_rightly(release: Release) -> bool:
    """Whether SpiceDB grants what was written, and nothing else."""
    with release.spicedb() as spicedb:
        spicedb.write_schema()
        spicedb.write("document:1#viewer@user:1")
        return spicedb.check("document:1#view@user:1") and not spicedb.check("document:1#view@user:2")


@scenario("install.memory", "The chart's defaults give a server that is ready within 30 s and answers rightly")
def test_the_defaults_are_ready_within_30_seconds(namespace: Namespace) -> None:
    assert answers_rightly(install(namespace, {}).ready(within=30))


@scenario("install.postgres", "With the migration as an ordinary Job, pods wait for it and become ready by themselves")
def test_postgres_with_the_migration_as_a_job(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database)).ready()
    assert answers_rightly(release)
