"""What clients notice while pods come and go."""

from __future__ import annotations

from tests.cluster.kit.load import documented_client
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres, with_dispatch
from tests.cluster.services.postgres import Database


@scenario("load.rolling-update", "A rolling update fails no request, though no client tries again")
def test_a_rolling_update_fails_no_request(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values = with_dispatch(namespace, on_postgres(namespace, database))
    release = install(namespace, values).ready()
    with release.load(namespace.probe()) as load, load.during("update"):
        release.upgrade({**values, "podAnnotations": {"restarted": "yes"}}).ready()
    report = load.report()
    recorder.count(**report.during("update").counts())
    recorder.time(**report.during("update").times())
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@scenario("load.container-killed", "When a server is killed, clients that try again as documented fail no request")
def test_a_killed_server_is_made_up_for_by_documented_client(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    killed = release.pods()[0]["metadata"]["name"]
    with release.load(namespace.probe(), client=documented_client()) as load, load.during("kill"):
        namespace.kill(killed)
        namespace.until("restarted", lambda: restarts(namespace, killed) == 1, within=30)
        release.ready()
    report = load.report()
    recorder.count(**report.during("kill").counts())
    recorder.time(**report.during("kill").times())
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


def restarts(namespace: Namespace, pod: str) -> int:
    (status,) = namespace.get("Pod", pod)["status"]["containerStatuses"]
    return int(status["restartCount"])
