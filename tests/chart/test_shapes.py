"""Shapes of the workload, what scales it, and how its pods find each other: what must agree between objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.project import chart, environment, production, refused, rendered, server

LONG = "authorization-decision-service-of-the-customer-platform-team-eu"
SHAPES = production(deployment__kind="StatefulSet", autoscaling__enabled=True, verticalPodAutoscaler__enabled=True)
TRIGGER = {"type": "prometheus", "metadata": {"serverAddress": "http://p:9090", "query": "q", "threshold": "5"}}
BY_DNS = production(config__dispatch__discovery="dns", config__shutdown__preStopSeconds=40)


def _one(objects: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (o for o in objects.values() if o["kind"] == kind)
    return dict(found)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
@pytest.mark.parametrize("scaler", ["HorizontalPodAutoscaler", "ScaledObject"])
def test_everything_that_names_the_workload_names_the_same(kind: str, scaler: str) -> None:
    values = {**SHAPES, "fullnameOverride": LONG, "deployment": {"kind": kind}}
    objects = rendered({**values, "autoscaling": {"enabled": True, "kind": scaler}})
    workload = _one(objects, kind)
    reference = {"apiVersion": "apps/v1", "kind": kind, "name": workload["metadata"]["name"]}
    assert _one(objects, scaler)["spec"]["scaleTargetRef"] == reference
    assert _one(objects, "VerticalPodAutoscaler")["spec"]["targetRef"] == reference
    labels = workload["spec"]["template"]["metadata"]["labels"].items()
    assert _one(objects, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"].items() <= labels


def test_a_stateful_set_is_governed_by_the_service_that_dispatch_goes_by() -> None:
    objects = rendered(SHAPES)
    service = objects[f"Service/{objects['StatefulSet/spicedb']['spec']['serviceName']}"]
    assert service["spec"]["clusterIP"] == "None"
    # A pod that is not ready must not be dispatched to.
    assert "publishNotReadyAddresses" not in service["spec"]
    assert "Deployment/spicedb" not in objects


def test_keda_is_the_one_master_of_the_number_of_pods() -> None:
    values = production(autoscaling={"enabled": True, "kind": "ScaledObject", "minReplicas": 3, "triggers": [TRIGGER]})
    objects = rendered(values)
    assert "HorizontalPodAutoscaler/spicedb" not in objects
    assert "replicas" not in objects["Deployment/spicedb"]["spec"]
    assert objects["ScaledObject/spicedb"]["spec"]["minReplicaCount"] == 3
    assert objects["ScaledObject/spicedb"]["spec"]["triggers"][-1] == TRIGGER


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"updateMode": "Initial"}, ["cpu-has-one-autoscaler"]),
        ({"updateMode": "Recreate", "controlledResources": ["cpu"]}, ["cpu-has-one-autoscaler"]),
        ({"updateMode": "Recreate", "controlledResources": ["memory"]}, []),
        ({"updateMode": "Off"}, []),
        ({"updateMode": "InPlaceOrRecreate"}, ["verticalPodAutoscaler.updateMode"]),
        ({"maxAllowed": {"memory": ""}}, ["verticalPodAutoscaler.maxAllowed.memory"]),
    ],
)
def test_no_resource_has_two_autoscalers(changes: dict[str, Any], reasons: list[str]) -> None:
    values = production(autoscaling__enabled=True, verticalPodAutoscaler={"enabled": True, **changes})
    assert (refused(values) if reasons else bool(rendered(values)) and []) == reasons


def test_pods_that_find_each_other_by_dns_hold_no_token_and_need_no_api() -> None:
    objects = rendered(BY_DNS)
    settings = environment(server(objects))
    pod = objects["Deployment/spicedb"]["spec"]["template"]["spec"]
    assert settings["SPICEDB_DISPATCH_UPSTREAM_ADDR"] == "dns:///spicedb-headless.authorization:50053"
    assert [volume for volume in pod["volumes"] if "projected" in volume] == []
    assert [key for key in objects if key.startswith("Role")] == []
    assert "10.0.0.10" not in str(objects["NetworkPolicy/spicedb"])
    assert refused(production(config__dispatch__discovery="dns")) == ["production-dns-discovery"]


def test_the_other_cluster_is_verified_and_let_in_as_the_own_pods_are() -> None:
    objects = rendered(chart().examples["multi-cluster.yaml"])
    policy = objects["NetworkPolicy/spicedb"]["spec"]
    ports = [{"protocol": "TCP", "port": 50053}]
    peers = [rule["from"] for rule in policy["ingress"] if rule["ports"] == ports]
    assert {"ipBlock": {"cidr": "10.31.0.0/16"}} in peers[0]
    assert {"to": [{"ipBlock": {"cidr": "10.41.0.0/16"}}], "ports": ports} in policy["egress"]
    assert environment(server(objects))["SPICEDB_DISPATCH_UPSTREAM_CA_PATH"] == "/etc/spicedb/tls/dispatch-ca/ca.crt"
    assert (
        objects["Service/spicedb-dispatch"]["spec"]["selector"]
        == objects["Service/spicedb-headless"]["spec"]["selector"]
    )
