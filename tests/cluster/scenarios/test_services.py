"""What scenarios rely on beside the chart."""

from __future__ import annotations

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.scenario import scenario


@scenario("services.names", "Pods find services outside of the cluster by name")
def test_pods_find_services_outside_by_name(namespace: Namespace) -> None:
    name = f"{namespace.name}.example.com"
    address = namespace.cluster.name_host(name)
    probe = namespace.probe()
    namespace.until(f"{name} resolves", lambda: probe.resolve(name) == [address], within=30)
    assert probe.connects(f"{name}:5432")
