"""What the objects are, where a mistake would cost most."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compliance.engines.kubernetes_schema import versions
from compliance.values import put
from tests.project import chart, environment, production, refused, rendered, rendering, server

LONG = "r" + "x" * 52
CANARY = "canary-key-0123456789"


def test_the_defaults_are_one_pod_that_needs_nothing_else() -> None:
    assert sorted(rendered({})) == [
        "Deployment/spicedb",
        "NetworkPolicy/spicedb",
        "PodDisruptionBudget/spicedb",
        "Secret/spicedb",
        "Service/spicedb",
        "Service/spicedb-headless",
        "ServiceAccount/spicedb",
    ]


def test_the_quick_start_of_the_readme_names_its_service_after_the_release() -> None:
    values = {"config": {"datastoreEngine": "memory", "replicas": 1, "tls": {"enabled": False}}}
    service = rendered(values, release="dev-spicedb")["Service/dev-spicedb"]
    assert [(p["name"], p["port"]) for p in service["spec"]["ports"]] == [("grpc", 50051)]


def test_internal_ports_are_on_the_headless_service_only() -> None:
    objects = rendered(production(config__http__enabled=True, service__type="NodePort"))
    assert [p["name"] for p in objects["Service/spicedb"]["spec"]["ports"]] == ["grpc", "http"]
    assert [p["name"] for p in objects["Service/spicedb-headless"]["spec"]["ports"]] == ["metrics", "dispatch"]
    assert objects["Service/spicedb-headless"]["spec"]["clusterIP"] == "None"


@pytest.mark.parametrize("kubernetes", versions())
@pytest.mark.parametrize("example", sorted(chart().examples))
def test_examples_render_for_every_kubernetes(example: str, kubernetes: str) -> None:
    assert rendered(chart().examples[example], kubernetes)


def test_a_stopping_pod_waits_by_sleep_where_kubernetes_has_it_and_by_the_probe_before() -> None:
    hooks = {v: server(rendered({}, v))["lifecycle"]["preStop"] for v in ("1.27", "1.29", "1.30", "1.37")}
    command = ["grpc_health_probe", "-addr=127.0.0.1:1", "-connect-timeout=5s"]
    assert hooks == {
        "1.27": {"exec": {"command": command}},
        "1.29": {"exec": {"command": command}},
        "1.30": {"sleep": {"seconds": 5}},
        "1.37": {"sleep": {"seconds": 5}},
    }


def test_zero_is_a_value() -> None:
    zeros = {"config__shutdown__preStopSeconds": 0, "config__migrations__ttlSecondsAfterFinished": 0}
    objects = rendered(production(profile="development", **zeros))
    assert "lifecycle" not in server(objects)
    assert objects["Job/spicedb-migration"]["spec"]["ttlSecondsAfterFinished"] == 0


def test_a_pod_has_time_to_finish() -> None:
    shutdown = {"preStopSeconds": 7, "gracePeriodSeconds": 11}
    objects = rendered({"config": {"shutdown": shutdown}})
    assert objects["Deployment/spicedb"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 7 + 2 * 11 + 5
    assert environment(server(objects))["SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD"] == "11s"


@pytest.mark.parametrize("values", [{}, {"nameOverride": "n" * 63}, {"fullnameOverride": "f" * 63}])
def test_names_and_labels_stay_within_63_characters(values: dict[str, Any]) -> None:
    for object_ in rendering(production(**values), release=LONG).objects:
        metadata = object_.data["metadata"]
        assert len(metadata["name"]) <= 63, object_.id
        assert [label for label in metadata["labels"].values() if len(label) > 63] == []


def test_suffixed_names_stay_apart_when_they_are_cut() -> None:
    names = [o.id for o in rendering(production(), release=LONG).objects]
    assert len(names) == len(set(names))
    assert any(name.endswith("-headless") for name in names)


def test_an_empty_list_of_peers_allows_nobody() -> None:
    policy = rendered({"networkPolicy": {"clients": [], "metrics": []}})["NetworkPolicy/spicedb"]["spec"]
    assert ("ingress" in policy, policy["policyTypes"]) == (False, ["Ingress", "Egress"])


def test_egress_is_what_the_configuration_needs() -> None:
    policy = rendered(production())["NetworkPolicy/spicedb"]["spec"]
    ports = [[port["port"] for port in rule["ports"]] for rule in policy["egress"]]
    assert ports == [[53, 5353, 53, 5353], [5432], [443, 6443], [50053]]
    migration = rendered(production())["NetworkPolicy/spicedb-migration"]["spec"]
    assert [[port["port"] for port in rule["ports"]] for rule in migration["egress"]] == [[53, 5353, 53, 5353], [5432]]
    assert "ingress" not in migration


def test_the_token_is_mounted_for_dispatch_and_only_then() -> None:
    pod = rendered(production())["Deployment/spicedb"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    (token,) = (v["projected"] for v in pod["volumes"] if v["name"] == "api-token")
    assert token["sources"][0] == {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}
    role = rendered(production())["Role/spicedb-dispatch"]["rules"]
    assert role == [
        {
            "apiGroups": [""],
            "resources": ["endpoints"],
            "resourceNames": ["spicedb-headless"],
            "verbs": ["get", "watch"],
        }
    ]
    off = {"enabled": False, "upstreamCASecretName": ""}
    without = rendered(put(production(config__dispatch=off), "config.tls.dispatch.secretName", ""))
    assert not any(key.startswith("Role") for key in without)


@pytest.mark.parametrize("engine", ["memory", "postgres"])
def test_a_secret_of_the_values_reaches_the_secret_and_nothing_else(engine: str) -> None:
    uri = f"postgres://u:{CANARY}@db/x"
    secret = {"presharedKey": CANARY} | ({} if engine == "memory" else {"datastoreURI": uri})
    values = {
        "config": {"datastoreEngine": engine, "replicas": 1},
        "secretData": secret,
        "networkPolicy": {"enabled": False},
    }
    found = rendering(values)
    assert [o.kind for o in found.objects if CANARY in json.dumps(dict(o.data))] == []
    assert CANARY not in found.notes
    assert sorted(rendered(values)["Secret/spicedb"]["data"]) == (["datastore_uri"] if engine != "memory" else []) + [
        "preshared_key"
    ]


def test_pods_restart_when_the_chart_s_own_secret_changes() -> None:
    def checksum(key: str) -> str:
        pod = rendered({"secretData": {"presharedKey": key}})["Deployment/spicedb"]["spec"]["template"]
        found: str = pod["metadata"]["annotations"]["checksum/secret"]
        return found

    assert checksum("a" * 16) != checksum("b" * 16)
    assert "annotations" not in rendered(production())["Deployment/spicedb"]["spec"]["template"]["metadata"]


def test_a_chart_bump_alone_restarts_nothing() -> None:
    labels = rendered({})["Deployment/spicedb"]["spec"]["template"]["metadata"]["labels"]
    assert "helm.sh/chart" not in labels


@pytest.mark.parametrize(
    ("requests", "limits"), [({"memory": "1Gi"}, {"memory": "512Mi"}), ({"cpu": "1600m"}, {"cpu": "1.5"})]
)
def test_a_pod_that_asks_for_more_than_it_may_use_is_refused(requests: dict[str, Any], limits: dict[str, Any]) -> None:
    assert refused({"resources": {"requests": requests, "limits": limits}}) == ["requests-stay-within-limits"]


@pytest.mark.parametrize(
    ("requests", "limits"),
    [
        ({"memory": "1Gi"}, {"memory": "1024Mi"}),
        ({"memory": "1Gi"}, {"memory": ""}),
        ({"cpu": "1500m"}, {"cpu": 1.5}),
    ],
)
def test_requests_may_be_as_large_as_limits(requests: dict[str, Any], limits: dict[str, Any]) -> None:
    assert "Deployment/spicedb" in rendered({"resources": {"requests": requests, "limits": limits}})
