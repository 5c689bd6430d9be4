"""What the cluster's own guards make of the chart: Pod Security admission and NetworkPolicy."""

from __future__ import annotations

import pytest

from tests.cluster.kit import namespace as namespaces
from tests.cluster.kit.api import ApiError
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.probe import PORT
from tests.cluster.kit.release import install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres, with_dispatch, with_tests
from tests.cluster.services.postgres import Database


@scenario("security.restricted", "A namespace that enforces Pod Security `restricted` admits every pod of the chart")
def test_the_restricted_namespace_admits_everything(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    with pytest.raises(ApiError, match='violates PodSecurity "restricted:latest"'):
        namespace.create(PRIVILEGED)
    release = install(namespace, with_tests(with_dispatch(namespace, on_postgres(namespace, database)))).ready()
    with release.spicedb() as spicedb:
        spicedb.write_schema()
    release.test()
    components = [pod["metadata"]["labels"]["app.kubernetes.io/component"] for pod in namespace.list("Pod")]
    recorder.count(pods_admitted=len(components))
    assert sorted(components) == ["migration", "server", "server", "test"]
    assert [event["message"] for event in namespace.list("Event") if "PodSecurity" in event["message"]] == []


@scenario(
    "security.network", "Only the flows that the NetworkPolicy lists come about, into the server's pods and out of them"
)
def test_only_listed_flows_come_about(namespace: Namespace, recorder: Recorder) -> None:
    outside = namespaces.make(namespace.cluster, f"{namespace.name}-outside", recorder)
    scraper = outside.probe("scraper", {"team": "monitoring"})
    stranger = outside.probe("stranger")
    client = namespace.probe()
    peers = [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"team": "monitoring"}}}]
    release = install(namespace, {"networkPolicy": {"metrics": peers}}).ready()
    (server,) = (pod["status"]["podIP"] for pod in release.pods())
    flows = {
        "client to gRPC": client.connects(f"{server}:50051"),
        "client to metrics": client.connects(f"{server}:9090"),
        "scraper to metrics": scraper.connects(f"{server}:9090"),
        "scraper to gRPC": scraper.connects(f"{server}:50051"),
        "stranger to gRPC": stranger.connects(f"{server}:50051"),
        "stranger to client": stranger.connects(f"{client.address}:{PORT}"),
    }
    namespaces.remove(outside)
    recorder.count(flows_allowed=sum(flows.values()), flows_refused=len(flows) - sum(flows.values()))
    allowed = {"client to gRPC", "scraper to metrics", "stranger to client"}
    assert {flow for flow, came_about in flows.items() if came_about} == allowed


PRIVILEGED = {
    "kind": "Pod",
    "metadata": {"name": "privileged"},
    "spec": {"containers": [{"name": "x", "image": "x", "securityContext": {"privileged": True}}]},
}
