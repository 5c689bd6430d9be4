"""The chart's alerts, in a real Prometheus over a server that has what they warn of."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import Release, install, template
from tests.cluster.kit.scenario import long, scenario
from tests.cluster.kit.values import block
from tests.cluster.services import prometheus

KILLS = 3
# The kubelet waits longer each time: 10 s, 20 s.
RESTARTED_WITHIN = 90.0


@long
@scenario("observability.alert", "The alert of restarts fires when a server was killed three times, and no other does")
def test_an_alert_fires_when_a_server_keeps_restarting(namespace: Namespace, recorder: Recorder) -> None:
    values: dict[str, Any] = {"networkPolicy": {"metrics": [block(namespace.cluster.host())]}}
    release = install(namespace, values).ready()
    (pod,) = release.pods()
    labels = {"namespace": namespace.name, "job": release.name, "pod": pod["metadata"]["name"]}
    with prometheus.scraping([f"{pod['status']['podIP']}:9090"], rules(release), labels=labels) as server:
        namespace.until("the pod is scraped", lambda: list(server.query("up").values()) == [1.0], within=15)
        # Prometheus may have looked for the alerts before it had scraped anything.
        namespace.until("no alert is near", lambda: server.alerts() == [], within=15)
        for kill in range(1, KILLS + 1):
            started = process_start(server)
            namespace.kill(pod["metadata"]["name"])
            restarted = partial(runs_again, server, release, kill, started)
            namespace.until(f"restart {kill} scraped", restarted, within=RESTARTED_WITHIN)
        fired = namespace.until("an alert fires", lambda: firing(server) or None, within=30)
    recorder.count(restarts=KILLS, alerts_firing=len(fired))
    assert fired == [("SpiceDBRestarts", "warning", pod["metadata"]["name"])]


def rules(release: Release) -> dict[str, Any]:
    """The rules that the chart renders, as Prometheus' operator would hand them over."""
    monitored = {**release.values, "monitoring": {"enabled": True, "prometheusRule": {"enabled": True}}}
    objects = template(release.namespace, monitored, "--api-versions", "monitoring.coreos.com/v1")
    (rule,) = (one for one in objects if one["kind"] == "PrometheusRule")
    found: dict[str, Any] = rule["spec"]
    return found


def runs_again(server: prometheus.Prometheus, release: Release, restarts: int, started: float | None) -> bool:
    """Whether Prometheus has scraped another process than the one killed, and Kubernetes counts the restart."""
    (status,) = release.pods()[0]["status"]["containerStatuses"]
    counted = status["restartCount"] == restarts and "running" in status["state"]
    return counted and process_start(server) not in (None, started)


def process_start(server: prometheus.Prometheus) -> float | None:
    return next(iter(server.query("process_start_time_seconds").values()), None)


def firing(server: prometheus.Prometheus) -> list[tuple[str, str, str]]:
    return [
        (alert["labels"]["alertname"], alert["labels"]["severity"], alert["labels"].get("pod", ""))
        for alert in server.alerts()
        if alert["state"] == "firing"
    ]
