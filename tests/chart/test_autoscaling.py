"""Autoscaling: one master of the number of pods, refused where it could not work."""

from __future__ import annotations

from typing import Any

import pytest

from tests.project import production, refused, rendered

SCALED = production(autoscaling={"enabled": True, "minReplicas": 3, "maxReplicas": 8})


def _autoscaler(**changes: Any) -> dict[str, Any]:
    changes = {f"autoscaling__{key}": value for key, value in changes.items()}
    objects = rendered(production(autoscaling__enabled=True, **changes))
    found: dict[str, Any] = objects["HorizontalPodAutoscaler/spicedb"]["spec"]
    return found


def test_the_autoscaler_scales_the_deployment_which_names_no_number() -> None:
    objects = rendered(SCALED)
    assert objects["HorizontalPodAutoscaler/spicedb"]["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "spicedb"},
        "minReplicas": 3,
        "maxReplicas": 8,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 75}},
            }
        ],
        "behavior": {
            "scaleDown": {
                "stabilizationWindowSeconds": 600,
                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 300}],
            }
        },
    }
    assert "replicas" not in objects["Deployment/spicedb"]["spec"]


def test_without_autoscaling_the_deployment_names_its_number() -> None:
    objects = rendered(production())
    assert objects["Deployment/spicedb"]["spec"]["replicas"] == 3
    assert "HorizontalPodAutoscaler/spicedb" not in objects


def test_metrics_are_those_asked_for_and_no_other() -> None:
    mine = {"type": "Pods", "pods": {"metric": {"name": "m"}, "target": {"type": "AverageValue", "averageValue": "5"}}}
    spec = _autoscaler(targetCPUUtilizationPercentage=None, targetMemoryUtilizationPercentage=90, metrics=[mine])
    target = {"type": "Utilization", "averageUtilization": 90}
    assert spec["metrics"] == [{"type": "Resource", "resource": {"name": "memory", "target": target}}, mine]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"autoscaling__targetCPUUtilizationPercentage": None}, "autoscaling-needs-a-metric"),
        ({"autoscaling__minReplicas": 5, "autoscaling__maxReplicas": 4}, "autoscaling-bounds-are-in-order"),
        ({"autoscaling__minReplicas": 1}, "production-autoscaling-minimum"),
    ],
)
def test_an_autoscaler_that_cannot_work_is_refused(change: dict[str, Any], reason: str) -> None:
    assert refused(production(autoscaling__enabled=True, **change)) == [reason]


def test_equal_bounds_are_accepted() -> None:
    assert _autoscaler(minReplicas=4, maxReplicas=4)["maxReplicas"] == 4
