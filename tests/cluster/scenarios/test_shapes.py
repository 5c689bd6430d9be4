"""Another workload, and another way for its pods to find each other."""

from __future__ import annotations

from compliance.values import put
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import Release, install
from tests.cluster.kit.scenario import long, repeated, scenario
from tests.cluster.kit.values import on_postgres, with_dispatch, with_tls
from tests.cluster.scenarios.test_dispatch import CHECKS, handled
from tests.cluster.services.postgres import Database

BY_DNS = {"enabled": True, "discovery": "dns"}
SERVER = "app.kubernetes.io/component=server"


@repeated
@scenario("shapes.stateful-set", "A StatefulSet of two pods is replaced pod by pod, and no request fails")
def test_a_stateful_set_rolls_over_without_failed_requests(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database, deployment__kind="StatefulSet"))
    release = install(namespace, values).ready()
    assert sorted(pod["metadata"]["name"] for pod in release.pods()) == ["spicedb-0", "spicedb-1"]
    with release.load(namespace.probe()) as load, load.during("update"):
        release.upgrade({**values, "podAnnotations": {"restarted": "yes"}}).settled()
    report = load.report()
    recorder.count(**report.during("update").counts())
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@scenario("shapes.dns", "Pods that find each other by DNS hold no token, and check across pods over TLS")
def test_pods_find_each_other_by_dns(namespace: Namespace, database: Database) -> None:
    values = on_postgres(namespace, database, config__dispatch=BY_DNS, config__replicas=2)
    values, authority = with_tls(namespace, values)
    release = install(namespace, values).ready()
    assert release.answers_rightly(authority=authority)
    namespace.until("checks cross pods", lambda: crossed(namespace, release, authority) > 0, within=60)
    assert all("projected" not in volume for pod in release.pods() for volume in pod["spec"]["volumes"])


@long
@repeated
@scenario("shapes.dns-rolling-update", "Pods that look in DNS fail no request where old ones serve on for 40 s")
def test_a_rolling_update_with_dns_fails_no_request(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    values = on_postgres(namespace, database, config__dispatch=BY_DNS, config__replicas=2)
    values = put(values, "config.shutdown.preStopSeconds", 40)
    release = install(namespace, values).ready()
    with release.load(namespace.probe()) as load, load.during("update"):
        release.upgrade({**values, "podAnnotations": {"restarted": "yes"}}).ready(within=180)
        namespace.until("old pods gone", lambda: len(namespace.list("Pod", SERVER)) == 2, within=120)
    report = load.report()
    recorder.count(**report.during("update").counts())
    recorder.time(**report.during("update").times())
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


def crossed(namespace: Namespace, release: Release, authority: str) -> int:
    """How many of some checks were asked of other pods; none where any failed."""
    before = handled(release, authority)
    answers = namespace.probe().check(release.target(authority), "document:{}#view@user:1", times=CHECKS)
    return 0 if answers.errors else handled(release, authority) - before
