"""Installing the chart, in the ways that people do, and taking it away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import HelmError, install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres, with_dispatch
from tests.cluster.services.postgres import Database


@scenario("install.memory", "The chart's defaults give a server that is ready within 30 s and answers rightly")
def test_the_defaults_are_ready_within_30_seconds(namespace: Namespace) -> None:
    assert install(namespace, {}).ready(within=30).answers_rightly()


@scenario("install.postgres-job", "With the migration as an ordinary Job, pods wait for it and then become ready")
def test_postgres_with_the_migration_as_a_job(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database, pools={})).ready()
    (job,) = namespace.list("Job")
    assert "helm.sh/hook" not in job["metadata"].get("annotations", {})
    namespace.job_done(job["metadata"]["name"], within=10)
    assert release.answers_rightly()


@scenario("install.postgres-hook", "With the migration as a hook, nothing of the server exists before it is done")
def test_postgres_with_the_migration_as_a_hook(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database, config__migrations__mode="hook")).ready()
    (job,) = namespace.list("Job")
    deployment = namespace.get("Deployment", release.fullname)
    assert job["status"]["completionTime"] <= deployment["metadata"]["creationTimestamp"]
    assert release.answers_rightly()


@scenario("install.helm3", "The oldest Helm that the chart supports installs it, waits for it and takes it away")
def test_the_oldest_helm(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database), "--wait", "--atomic", helm="helm3")
    assert release.ready(within=5).answers_rightly()
    release.uninstall("--wait")
    assert namespace.list("Deployment") == []


@scenario("install.wait", "Helm's --wait returns when pods are ready, also where they wait for a migration")
def test_wait_returns_once_pods_are_ready(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database, config__replicas=2), "--wait")
    release.ready(within=5)


@scenario("install.rollback-on-failure", "An upgrade that does not come up is undone, and the old pods serve on")
def test_a_failed_upgrade_is_rolled_back(namespace: Namespace, recorder: Recorder) -> None:
    release = install(namespace, {}).ready()
    before = {pod["metadata"]["uid"] for pod in release.pods()}
    with pytest.raises(HelmError) as failed:
        release.upgrade({"image": {"tag": "v0.0.0"}}, "--rollback-on-failure", "--wait", "--timeout", "10s")
    recorder.count(pods_replaced=len({pod["metadata"]["uid"] for pod in release.ready().pods()} - before))
    assert (recorder.counts["pods_replaced"], "registry.test/spicedb:v0.0.0" in str(failed.value)) == (0, True)
    assert release.answers_rightly()


@scenario("uninstall", "Uninstalling leaves nothing of the release; a hook's finished Job stays until its time is over")
@pytest.mark.parametrize("mode", ["job", "hook"])
def test_uninstalling_leaves_nothing(namespace: Namespace, database: Database, recorder: Recorder, mode: str) -> None:
    migrations = {"mode": mode, "ttlSecondsAfterFinished": 10}
    values = with_dispatch(namespace, on_postgres(namespace, database, config__migrations=migrations))
    before = everything(namespace)
    release = install(namespace, values).ready()
    made = everything(namespace) - before
    release.uninstall("--wait")
    namespace.until("nothing left", lambda: everything(namespace) == before, within=30)
    recorder.count(objects_made=len(made), objects_left=0)


@scenario("install.long-name", "A release name of 53 characters, the most that Helm allows, works")
def test_the_longest_release_name(namespace: Namespace, database: Database) -> None:
    name = "a-release-whose-name-is-as-long-as-helm-lets-it-be-53"
    values = with_dispatch(namespace, on_postgres(namespace, database))
    release = install(namespace, values, name=name).ready()
    assert (len(release.name), release.answers_rightly()) == (53, True)


def everything(namespace: Namespace) -> set[str]:
    """Every object of the namespace, of whatever kind, but events and what other objects own."""
    kinds = namespace.kubectl("api-resources", "--namespaced", "--verbs=list", "--output=name").split()
    wanted = ",".join(kind for kind in kinds if not kind.startswith("events") and "metrics.k8s.io" not in kind)
    listed: list[dict[str, Any]] = json.loads(namespace.kubectl("get", wanted, "--output=json"))["items"]
    return {f"{o['kind']}/{o['metadata']['name']}" for o in listed if not o["metadata"].get("ownerReferences")}
