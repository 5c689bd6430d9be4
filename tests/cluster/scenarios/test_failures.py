"""What goes wrong by itself: servers that die, nodes that drain, a database that is away."""

from __future__ import annotations

import time

import pytest

from tests.cluster.kit.api import ApiError
from tests.cluster.kit.load import documented_client
from tests.cluster.kit.namespace import Namespace, is_ready
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import HelmError, Release, install
from tests.cluster.kit.scenario import long, repeated, scenario
from tests.cluster.kit.values import on_postgres, with_dispatch
from tests.cluster.services.postgres import Database, Server

OUTAGE_SECONDS = 20
TOO_MANY_REQUESTS = 429


@repeated
@scenario("failure.container-killed", "When a server is killed, clients as documented fail no request")
def test_a_killed_server_fails_no_request_of_documented_clients(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    killed = release.pods()[:1]
    with release.load(namespace.probe(), client=documented_client()) as load, load.during("kill"):
        namespace.kill(killed[0]["metadata"]["name"])
        namespace.until("restarted", lambda: namespace.restarts(killed) == 1, within=30)
        release.ready()
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("failure.pod-deleted-by-force", "When a pod is deleted by force, clients as documented fail no request")
def test_a_pod_deleted_by_force_fails_no_request_of_documented_clients(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    deleted = release.pods()[0]["metadata"]["name"]
    with release.load(namespace.probe(), client=documented_client()) as load:
        with load.during("deletion"):
            namespace.delete("Pod", deleted, gracePeriodSeconds=0)
            release.settled()
        load.wait_until_it_flows()
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@repeated
@scenario("failure.eviction", "The budget holds an eviction until the last one is made up for, and no request fails")
def test_evictions_wait_for_each_other_and_fail_no_request(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    first, second = (pod["metadata"]["name"] for pod in release.pods())
    with release.load(namespace.probe()) as load, load.during("eviction"):
        namespace.evict(first)
        with pytest.raises(ApiError, match="would violate the pod's disruption budget") as refused:
            namespace.evict(second)
        assert refused.value.status == TOO_MANY_REQUESTS
        release.settled()
        namespace.until("second eviction allowed", lambda: evicted(namespace, second), within=30)
        release.settled()
    assert {first, second}.isdisjoint(pod["metadata"]["name"] for pod in release.pods())
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@scenario("failure.database-away", f"Servers sit out {OUTAGE_SECONDS} s without a database and answer again")
def test_servers_sit_out_an_outage_of_the_database(
    namespace: Namespace, database: Database, postgres: Server, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    pods = release.pods()
    with release.load(namespace.probe(), rate=20) as load:
        with load.during("outage"):
            postgres.refuse(database)
            time.sleep(OUTAGE_SECONDS)  # not to wait for something, but for the outage to last
            postgres.admit(database)
        back = time.monotonic()
        namespace.until("right answers again", release.answers_rightly, within=60)
        recorder.time(answers_again=time.monotonic() - back)
        with load.during("recovered"):
            load.wait_until_it_flows()
    report = load.report()
    report.note(recorder)
    recorder.count(restarts=namespace.restarts(pods))
    assert (report.wrong, recorder.counts["restarts"]) == (0, 0)
    assert report.during("outage").failed != {}
    assert report.during("recovered").failed == {}, report.during("recovered").complaints


@scenario("failure.database-down-at-install", "All comes up by itself when the database does after the install")
def test_an_install_before_the_database_comes_up_by_itself(
    namespace: Namespace, database: Database, postgres: Server
) -> None:
    postgres.refuse(database)
    release = install(namespace, on_postgres(namespace, database))
    namespace.until("first try failed", lambda: tries(namespace) == 1, within=30)
    postgres.admit(database)
    assert release.ready(within=120).answers_rightly()


@scenario("failure.migration-tried-again", "A migration that gave up is done by an upgrade, once its Job is deleted")
def test_a_migration_that_gave_up_is_tried_again_by_an_upgrade(
    namespace: Namespace, database: Database, postgres: Server
) -> None:
    postgres.refuse(database)
    values = on_postgres(namespace, database)
    release = install(namespace, values)
    namespace.until("migration gave up", lambda: gave_up(namespace), within=60)
    assert "not currently accepting connections" in namespace.last_words("migration")
    postgres.admit(database)
    for job in namespace.list("Job"):
        namespace.delete("Job", job["metadata"]["name"])
        namespace.until("gone", lambda: namespace.list("Job") == [], within=30)
    assert release.upgrade(values).ready(within=120).answers_rightly()


@long
@scenario("failure.wrong-password", "With a wrong password the migration says so, and old pods serve on")
@pytest.mark.parametrize("mode", ["job", "hook"])
def test_a_wrong_password_stops_the_upgrade(
    namespace: Namespace, database: Database, recorder: Recorder, mode: str
) -> None:
    values = on_postgres(namespace, database, config__migrations__mode=mode)
    release = install(namespace, values).ready()
    before = serving(release)
    wrong = database.uri(sslmode="disable").replace(database.password, "wrong")
    namespace.secret("wrong", {"preshared_key": release.token(), "datastore_uri": wrong})
    with pytest.raises(HelmError):
        release.upgrade({**values, "existingSecret": "wrong"}, "--wait", "--timeout", "40s")
    namespace.until("migration gave up", lambda: gave_up(namespace), within=60)
    assert "password authentication failed for user" in namespace.last_words("migration")
    recorder.count(pods_replaced=len(before - serving(release)))
    assert (before <= serving(release), release.answers_rightly(min(before))) == (True, True)
    pods = {pod["metadata"]["name"] for pod in release.pods()}
    # As a hook, the migration comes before anything else; as a Job, a new pod waits beside the old ones.
    assert len(pods - before) == {"hook": 0, "job": 1}[mode]


@scenario("failure.migration", "A migration that fails stops the upgrade before a pod changes, and says why")
def test_a_failed_migration_stops_the_upgrade(namespace: Namespace, database: Database) -> None:
    values = on_postgres(namespace, database, config__migrations__mode="hook")
    release = install(namespace, values).ready()
    before, template = serving(release), namespace.get("Deployment", release.fullname)["spec"]["template"]
    with pytest.raises(HelmError, match="spicedb-migration"):
        release.upgrade({**values, "image": {"tag": "v1.52.0"}})
    assert "unable to find migration for revision" in namespace.last_words("migration")
    assert (serving(release), namespace.get("Deployment", release.fullname)["spec"]["template"]) == (before, template)
    assert release.answers_rightly()


def evicted(namespace: Namespace, pod: str) -> bool:
    namespace.evict(pod)
    return True


def serving(release: Release) -> set[str]:
    """The pods that are ready."""
    return {pod["metadata"]["name"] for pod in release.pods() if is_ready(pod)}


def tries(namespace: Namespace) -> int:
    """How often the migration has failed."""
    return sum(job["status"].get("failed", 0) for job in namespace.list("Job"))


def gave_up(namespace: Namespace) -> bool:
    conditions = [c for job in namespace.list("Job") for c in job["status"].get("conditions", [])]
    return any(c["type"] == "Failed" and c["status"] == "True" for c in conditions)
