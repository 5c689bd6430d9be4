"""What Prometheus and Grafana are given."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, production, refused, rendered

WATCHED = {"enabled": True, "tls": {"caSecretName": "metrics-ca"}}

# What a running SpiceDB was seen to export, of what alerts and dashboard read.
EXPORTED = {
    "grpc_server_handled_total",
    "grpc_server_handling_seconds_bucket",
    "kuberesolver_addresses_total",
    "pgxpool_acquired_conns",
    "pgxpool_max_conns",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "spicedb_cache_hits_total",
    "spicedb_cache_misses_total",
    "spicedb_datastore_gc_failure_total",
    "spicedb_datastore_gc_relationships_total",
    "spicedb_datastore_query_latency_bucket",
    "spicedb_dispatch_check_from_cache_total",
    "spicedb_dispatch_check_total",
    "spicedb_dispatch_client_check_from_cache_total",
    "spicedb_dispatch_client_check_total",
    "spicedb_environment_info",
    "spicedb_memory_middleware_requests_processed_total",
}


def _plain(**monitoring: Any) -> dict[str, Any]:
    return {"networkPolicy": {"enabled": False}, "monitoring": {"enabled": True, **monitoring}}


def test_nothing_is_made_without_the_switch() -> None:
    kinds = {key.partition("/")[0] for key in rendered({})}
    assert kinds.isdisjoint({"ServiceMonitor", "PodMonitor", "PrometheusRule", "ConfigMap"})


def test_the_service_monitor_finds_the_metrics_of_the_inner_service_and_verifies_them() -> None:
    objects = rendered(production(monitoring=WATCHED))
    spec = objects["ServiceMonitor/spicedb"]["spec"]
    service = objects["Service/spicedb-headless"]
    assert spec["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert "metrics" in {port["name"] for port in service["spec"]["ports"]}
    assert "metrics" not in {port["name"] for port in objects["Service/spicedb"]["spec"]["ports"]}
    assert spec["endpoints"] == [
        {
            "port": "metrics",
            "path": "/metrics",
            "scheme": "https",
            "tlsConfig": {
                "serverName": "spicedb-headless.authorization.svc",
                "ca": {"secret": {"name": "metrics-ca", "key": "ca.crt"}},
            },
        }
    ]


def test_plaintext_metrics_are_scraped_in_plaintext() -> None:
    spec = rendered(_plain(serviceMonitor={"interval": "30s", "scrapeTimeout": "10s"}))["ServiceMonitor/spicedb"][
        "spec"
    ]
    assert spec["endpoints"] == [{"port": "metrics", "path": "/metrics", "interval": "30s", "scrapeTimeout": "10s"}]


def test_the_pod_monitor_selects_the_server_s_pods_and_stands_alone() -> None:
    objects = rendered(_plain(serviceMonitor={"enabled": False}, podMonitor={"enabled": True}))
    pod = objects["Deployment/spicedb"]["spec"]["template"]
    spec = objects["PodMonitor/spicedb"]["spec"]
    assert spec["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    assert spec["podMetricsEndpoints"] == [{"port": "metrics", "path": "/metrics"}]
    assert "ServiceMonitor/spicedb" not in objects
    assert refused(_plain(podMonitor={"enabled": True})) == ["metrics-are-scraped-once"]


def test_labels_are_added_and_never_replace_the_chart_s_own() -> None:
    labels = {"release": "prometheus", "app.kubernetes.io/name": "other"}
    monitor = rendered(_plain(serviceMonitor={"labels": labels}))["ServiceMonitor/spicedb"]
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["metadata"]["labels"]["app.kubernetes.io/name"] == "spicedb"


def test_alerts_follow_what_is_deployed() -> None:
    def alerts(values: dict[str, Any]) -> list[str]:
        (group,) = rendered(values)["PrometheusRule/spicedb"]["spec"]["groups"]
        return [rule["alert"] for rule in group["rules"]]

    always = ["SpiceDBAbsent", "SpiceDBErrors", "SpiceDBSlowChecks", "SpiceDBOutOfMemory", "SpiceDBRestarts"]
    assert alerts(_plain(prometheusRule={"enabled": True})) == always
    assert alerts(production(monitoring={**WATCHED, "prometheusRule": {"enabled": True}})) == [
        *always,
        "SpiceDBDispatchFindsNobody",
        "SpiceDBSlowDatastore",
        "SpiceDBConnectionsExhausted",
        "SpiceDBGarbageCollectionFails",
    ]


def test_alerts_and_dashboard_read_only_metrics_that_spicedb_exports() -> None:
    parts = {"prometheusRule": {"enabled": True}, "grafanaDashboard": {"enabled": True}}
    objects = rendered(production(monitoring={**WATCHED, **parts}))
    (text,) = objects["ConfigMap/spicedb-dashboard"]["data"].values()
    (group,) = objects["PrometheusRule/spicedb"]["spec"]["groups"]
    expressions = [rule["expr"] for rule in group["rules"]]
    expressions += [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    assert len(expressions) > 20
    assert {name for e in expressions for name in re.findall(r"([a-z_]+)\{", e)} == EXPORTED


def test_the_dashboard_is_found_by_grafana_s_sidecar_under_a_name_of_its_own() -> None:
    dashboard = rendered(_plain(grafanaDashboard={"enabled": True}))["ConfigMap/spicedb-dashboard"]
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert list(dashboard["data"]) == ["authorization-spicedb.json"]
    assert json.loads(dashboard["data"]["authorization-spicedb.json"]) == json.loads(
        chart().files["dashboards/spicedb.json"]
    )


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"monitoring": {"prometheusRule": {"enabled": True}}}, ["monitoring-parts-need-monitoring"]),
        (_plain(serviceMonitor={"enabled": False}), ["monitoring-makes-something"]),
        ({"monitoring": {"enabled": True}}, ["network-policy-needs-metrics-peers"]),
        (production(monitoring={"enabled": True}), ["service-monitor-needs-a-ca"]),
        (_plain(tls={"caSecretName": "ca"}), ["metrics-ca-needs-tls"]),
        (_plain(serviceMonitor={"interval": "10s", "scrapeTimeout": "11s"}), ["scrape-timeout-fits-the-interval"]),
    ],
)
def test_monitoring_that_would_see_nothing_is_refused(values: dict[str, Any], reasons: list[str]) -> None:
    assert refused(values) == reasons


def test_a_timeout_as_long_as_the_interval_is_accepted() -> None:
    assert rendered(put(_plain(), "monitoring.serviceMonitor", {"interval": "10s", "scrapeTimeout": "10s"}))
