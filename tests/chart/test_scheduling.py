"""Where pods run and what they are called, without touching what the chart selects them by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.project import production, refused, rendered

TOLERATION = {"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}
NODES = {
    "requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchExpressions": [{"key": "pool", "operator": "In", "values": ["authz"]}]}]
    }
}
OTHERS = {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone", "labelSelector": {}}]}


def _templates(**changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    objects = rendered(production(**changes))
    return tuple(objects[key]["spec"]["template"] for key in ("Deployment/spicedb", "Job/spicedb-migration"))


def test_server_and_migration_run_where_they_are_told_to() -> None:
    fields = {"nodeSelector": {"pool": "authz"}, "tolerations": [TOLERATION], "priorityClassName": "critical"}
    for template in _templates(**fields):
        assert {key: template["spec"][key] for key in fields} == fields


def test_the_migration_takes_the_affinity_for_nodes_only() -> None:
    server, migration = _templates(affinity={"nodeAffinity": NODES, "podAffinity": OTHERS})
    assert server["spec"]["affinity"] == {"nodeAffinity": NODES, "podAffinity": OTHERS}
    assert migration["spec"]["affinity"] == {"nodeAffinity": NODES}


def test_by_default_pods_may_run_anywhere() -> None:
    for template in _templates():
        assert {"nodeSelector", "tolerations", "priorityClassName", "affinity"} & set(template["spec"]) == set()


def test_pods_keep_off_each_other_as_much_as_asked() -> None:
    labels = {
        "app.kubernetes.io/name": "spicedb",
        "app.kubernetes.io/instance": "spicedb",
        "app.kubernetes.io/component": "server",
    }
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": labels}}
    affinities = {
        preset: _templates(podAntiAffinity=preset, affinity={"nodeAffinity": NODES})[0]["spec"]["affinity"]
        for preset in ("none", "soft", "hard")
    }
    assert affinities == {
        "none": {"nodeAffinity": NODES},
        "soft": {
            "nodeAffinity": NODES,
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": term}]
            },
        },
        "hard": {
            "nodeAffinity": NODES,
            "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]},
        },
    }


def test_labels_go_where_they_are_meant_to() -> None:
    plain = rendered(production())
    changes = {
        "commonLabels": {"team": "a", "tier": "x"},
        "podLabels": {"tier": "server"},
        "config__migrations__podLabels": {"mesh": "no"},
    }
    objects = rendered(production(**changes))
    for key, found in objects.items():
        assert found["metadata"]["labels"] == plain[key]["metadata"]["labels"] | {"team": "a", "tier": "x"}, key
    server, migration = _templates(**changes)
    before = [template["metadata"]["labels"] for template in _templates()]
    assert server["metadata"]["labels"] == before[0] | {"team": "a", "tier": "server"}
    assert migration["metadata"]["labels"] == before[1] | {"team": "a", "tier": "x", "mesh": "no"}
    selector = "Deployment/spicedb"
    assert objects[selector]["spec"]["selector"] == plain[selector]["spec"]["selector"]


def test_annotations_of_pods_stand_beside_the_chart_s_own() -> None:
    values = {"podAnnotations": {"a": "b"}}
    annotations = rendered(values)["Deployment/spicedb"]["spec"]["template"]["metadata"]["annotations"]
    assert sorted(annotations) == ["a", "checksum/secret"]
    server, migration = _templates(podAnnotations={"a": "b"}, config__migrations__podAnnotations={"c": "d"})
    assert (server["metadata"]["annotations"], migration["metadata"]["annotations"]) == ({"a": "b"}, {"c": "d"})


@pytest.mark.parametrize("key", ["commonLabels", "podLabels", "config__migrations__podLabels"])
def test_the_chart_s_own_labels_cannot_be_replaced(key: str) -> None:
    assert refused(production(**{key: {"app.kubernetes.io/component": "x"}})) == ["labels-of-the-chart-stay"]
    assert rendered(production(**{key: {"app.kubernetes.io/created-by": "x"}}))


def test_the_chart_s_own_checksums_cannot_be_replaced() -> None:
    assert refused({"podAnnotations": {"checksum/secret": "x"}}) == ["checksums-of-the-chart-stay"]


def test_a_rollout_has_time_for_pods_that_must_be_ready_for_long() -> None:
    spec = rendered(production(deployment__minReadySeconds=600, deployment__maxSurge="50%"))["Deployment/spicedb"][
        "spec"
    ]
    assert (spec["minReadySeconds"], spec["progressDeadlineSeconds"]) == (600, 300 + 600 + 300)
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": "50%", "maxUnavailable": 0}


@pytest.mark.parametrize("kind", ["labels", "annotations"])
def test_the_metadata_of_a_pod_lies_where_the_operator_has_it(kind: str) -> None:
    objects = rendered(production(podMetadata={f"project{kind.title()}": True}))
    for key in ("Deployment/spicedb", "Job/spicedb-migration"):
        pod = objects[key]["spec"]["template"]["spec"]
        (mount,) = (m for m in pod["containers"][0]["volumeMounts"] if m["name"].startswith("pod-"))
        (volume,) = (v for v in pod["volumes"] if v["name"] == mount["name"])
        (item,) = volume["downwardAPI"]["items"]
        assert (mount["mountPath"], item["path"]) == (f"/etc/pod{kind}", kind)
        assert item["fieldRef"]["fieldPath"] == f"metadata.{kind}"
