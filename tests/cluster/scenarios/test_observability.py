"""What is to be seen of SpiceDB from outside."""

from __future__ import annotations

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.release import install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import block
from tests.cluster.services import prometheus


@scenario("observability.metrics", "A Prometheus that the NetworkPolicy lists scrapes every pod")
def test_prometheus_scrapes_every_pod(namespace: Namespace) -> None:
    host = namespace.cluster.host()
    release = install(namespace, {"networkPolicy": {"metrics": [block(host)]}}).ready()
    targets = [f"{pod['status']['podIP']}:9090" for pod in release.pods()]
    with prometheus.scraping(targets) as server:
        scraped = dict.fromkeys(targets, 1.0)
        namespace.until("all pods scraped", lambda: server.query("up") == scraped, within=15)
        assert server.query("count by (instance) (grpc_server_handled_total)").keys() == scraped.keys()
