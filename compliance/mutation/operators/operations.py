"""Mistakes that those notice who run it: probes cut off, Jobs that hang, alerts for nobody, logs that say too much."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Spot,
    appended,
    at,
    containers,
    entries,
    found,
    instead,
    of_kind,
    pods,
    setting,
    such,
    with_,
    without,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers as spicedb_containers
from compliance.mutation.spicedb import reset, servers, set_

workloads = of_kind("Deployment", "StatefulSet", "DaemonSet")
budgets = of_kind("PodDisruptionBudget")
alerts = such(
    entries(entries(of_kind("PrometheusRule"), "spec", "groups"), "rules"), lambda rule: bool(rule.get("alert"))
)


def probes(objects: Manifests) -> Iterator[Spot]:
    """The probes of a server by grpc_health_probe."""
    for server in servers(objects):
        for name in ("startupProbe", "readinessProbe", "livenessProbe"):
            if server.at(name, "exec").value:
                yield server.at(name)


def scaled(objects: Manifests) -> Iterator[Spot]:
    """The pods that an autoscaler scales by the use of CPU."""
    names = {
        spot.at("spec", "scaleTargetRef", "name").value
        for spot in of_kind("HorizontalPodAutoscaler")(objects)
        if "cpu" in {found(metric, ("resource", "name")) for metric in spot.at("spec", "metrics").value or ()}
    }
    for pod in pods(objects):
        if found(objects[pod.number], ("metadata", "name")) in names and len(pod.path) > 1:
            yield pod


def _no_share_of_cpu(pod: Json) -> Json | None:
    """Neither a request nor a limit, which Kubernetes would take for one."""
    first = pod["containers"][0]
    for field in ("requests", "limits"):
        first = without("resources", field, "cpu")(first) or first
    return with_(pod, ["containers", 0], first)


def _hasty(container: Json) -> Json | None:
    if not (container.get("livenessProbe") and container.get("readinessProbe")):
        return None
    return setting(livenessProbe__failureThreshold=1, livenessProbe__periodSeconds=1)(container)


def _image(image: str) -> Change:
    return lambda pod: appended(pod, "containers", {**pod["containers"][0], "name": "beside", "image": image})


def _never_and_moving(policy: str, tag: str) -> Change:
    """A pull policy with a tag that moves, if one is given."""

    def change(container: Json) -> Json:
        repository = str(container.get("image")).partition("@")[0].rpartition(":")[0]
        return {**container, "imagePullPolicy": policy} | ({"image": f"{repository}:{tag}"} if tag else {})

    return change


OPERATORS = (
    Operator(
        "scale-by-no-request",
        "Leave out the request that an autoscaler measures by.",
        ("availability.autoscaler_measures",),
        at(scaled, _no_share_of_cpu),
    ),
    Operator(
        "let-job-hang",
        "Give a Job no deadline.",
        ("availability.jobs_bounded",),
        at(of_kind("Job"), without("spec", "activeDeadlineSeconds")),
    ),
    Operator(
        "cut-probe-off",
        "Give a probe a second less than it may take.",
        ("availability.probe_timing",),
        at(probes, setting(timeoutSeconds=1)),
    ),
    Operator(
        "restart-before-taken-out",
        "Let the liveness probe give up before the readiness probe.",
        ("availability.probe_timing",),
        at(servers, _hasty),
    ),
    Operator(
        "forget-revisions",
        "Keep no revision of a workload.",
        ("availability.rollback_kept",),
        at(workloads, setting(spec__revisionHistoryLimit=0)),
    ),
    Operator(
        "guard-broken-pods",
        "Let a PodDisruptionBudget guard pods that are not ready.",
        ("availability.unhealthy_evicted",),
        at(budgets, without("spec", "unhealthyPodEvictionPolicy")),
    ),
    Operator(
        "alert-nobody",
        "Give an alert no severity.",
        ("observability.alerts_actionable",),
        at(alerts, without("labels", "severity")),
    ),
    Operator(
        "alert-without-words",
        "Let an alert say nothing.",
        ("observability.alerts_actionable",),
        at(alerts, without("annotations")),
    ),
    Operator(
        "drop-alerts",
        "Leave all rules of a PrometheusRule out.",
        ("observability.alerts_actionable",),
        at(of_kind("PrometheusRule"), instead("spec.groups", [])),
    ),
    Operator(
        "log-everything",
        "Log at the level debug.",
        ("observability.log_level",),
        at(spicedb_containers, set_("SPICEDB_LOG_LEVEL", "debug")),
    ),
    Operator(
        "log-for-people",
        "Log in the format for people.",
        ("observability.log_level",),
        at(spicedb_containers, reset("SPICEDB_LOG_FORMAT", "console")),
    ),
    *(
        Operator(
            f"log-{word}",
            f"Log the payload of {word}.",
            ("observability.no_payloads_logged",),
            at(servers, set_(f"SPICEDB_GRPC_LOG_{word.upper()}_ENABLED", "true")),
        )
        for word in ("requests", "responses")
    ),
    Operator(
        "run-undeclared-image",
        "Run a program beside SpiceDB that nobody declared, from a registry that is known.",
        ("supply_chain.declared_images",),
        at(pods, _image("ghcr.io/authzed/other:v1.0.0")),
    ),
    Operator(
        "never-pull",
        "Run whatever image of that name lies on the node.",
        ("supply_chain.pull_policy",),
        at(containers, _never_and_moving("Never", "")),
    ),
    Operator(
        "pull-moving-tag-once",
        "Pull an image once whose tag moves.",
        ("supply_chain.pull_policy",),
        at(containers, _never_and_moving("IfNotPresent", "v1")),
    ),
)
