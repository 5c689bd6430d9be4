"""Mistakes that cost pods, or requests while pods are replaced."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Mutation,
    Spot,
    added,
    at,
    dropped,
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
from compliance.mutation.spicedb import command, reset, servers

budgets = of_kind("PodDisruptionBudget")
autoscalers = of_kind("HorizontalPodAutoscaler", "ScaledObject")
_SCALED = ("Deployment", "StatefulSet")


def _serves(workload: Json) -> bool:
    listed = found(workload, ("spec", "template", "spec", "containers")) or ()
    return any(command(container) == "serve" for container in listed)


def server_pods(objects: Manifests) -> Iterator[Spot]:
    for pod in pods(objects):
        if any(command(container) == "serve" for container in pod.value.get("containers", ())):
            yield pod


def _target(autoscaler: Json) -> str:
    return str(found(autoscaler, ("spec", "scaleTargetRef", "name")))


def _scaled(objects: Manifests) -> Iterator[Spot]:
    """The workloads that an autoscaler scales."""
    names = {_target(spot.value) for spot in autoscalers(objects)}
    for spot in of_kind(*_SCALED)(objects):
        if spot.at("metadata", "name").value in names:
            yield spot


def _alone(objects: Manifests) -> Iterator[Spot]:
    """The servers whose number of pods is their own."""
    scaled = {spot.number for spot in _scaled(objects)}
    return (spot for spot in such(of_kind(*_SCALED), _serves)(objects) if spot.number not in scaled)


def _limited(limit: Json) -> Change:
    def change(budget: Json) -> Json:
        kept = {k: v for k, v in budget["spec"].items() if k not in ("maxUnavailable", "minAvailable")}
        return with_(budget, ["spec"], {**kept, **limit})

    return change


def _renamed(object_: Json) -> Json:
    return with_(object_, ["metadata", "name"], f"{object_['metadata']['name']}-more")


def _select_jobs(objects: Manifests) -> Iterator[Mutation]:
    """Budgets that select what every pod of the release has in common."""
    if not any(True for _ in of_kind("Job", "CronJob")(objects)):
        return
    labels = {"app.kubernetes.io/name", "app.kubernetes.io/instance"}

    def change(budget: Json) -> Json:
        kept = {k: v for k, v in (found(budget, ("spec", "selector", "matchLabels")) or {}).items() if k in labels}
        return with_(budget, ["spec", "selector", "matchLabels"], kept)

    yield from at(budgets, change)(objects)


def _fewest(autoscaler: Json) -> Json:
    field = "minReplicas" if autoscaler["kind"] == "HorizontalPodAutoscaler" else "minReplicaCount"
    return with_(autoscaler, ["spec", field], 1)


def _other_target(autoscaler: Json) -> Json:
    return with_(autoscaler, ["spec", "scaleTargetRef", "name"], "other")


def _follows(autoscaler: Json) -> set[str]:
    metrics = found(autoscaler, ("spec", "metrics")) or ()
    triggers = found(autoscaler, ("spec", "triggers")) or ()
    return {str(found(m, ("resource", "name"))) for m in metrics} | {str(t.get("type")) for t in triggers}


def _both_resources(objects: Manifests) -> Iterator[Mutation]:
    """Vertical autoscalers that change what a horizontal one follows."""
    followed = {_target(s.value): sorted(_follows(s.value) & {"cpu", "memory"}) for s in autoscalers(objects)}

    def change(vertical: Json) -> Json | None:
        resources = followed.get(str(found(vertical, ("spec", "targetRef", "name"))))
        if not resources:
            return None
        policy = {"containerName": "*", "controlledResources": resources}
        acting = with_(vertical, ["spec", "updatePolicy", "updateMode"], "Recreate")
        return with_(acting, ["spec", "resourcePolicy", "containerPolicies"], [policy])

    yield from at(of_kind("VerticalPodAutoscaler"), change)(objects)


def _unspread(index: int) -> Change:
    def change(pod: Json) -> Json | None:
        listed = pod.get("topologySpreadConstraints") or ()
        if index >= len(listed):
            return None
        return {**pod, "topologySpreadConstraints": [c for i, c in enumerate(listed) if i != index]}

    return change


OPERATORS = (
    Operator(
        "run-one-pod",
        "Run one pod.",
        ("availability.replicas",),
        at(_alone, setting(spec__replicas=1)),
    ),
    Operator(
        "forget-replicas",
        "Leave the number of pods out, which means one.",
        ("availability.replicas",),
        at(_alone, without("spec", "replicas")),
    ),
    Operator(
        "scale-down-to-one",
        "Let an autoscaler go down to one pod.",
        ("availability.replicas",),
        at(autoscalers, _fewest),
    ),
    Operator(
        "scale-with-replicas",
        "Name the number of pods of what an autoscaler scales.",
        ("availability.autoscaler_owns_replicas",),
        at(_scaled, setting(spec__replicas=3)),
    ),
    Operator(
        "scale-nothing",
        "Let an autoscaler name a workload that is not there.",
        ("availability.autoscaler_owns_replicas",),
        at(autoscalers, _other_target),
    ),
    Operator(
        "scale-twice",
        "Add a second autoscaler of the same workload.",
        ("availability.autoscaler_owns_replicas",),
        added(autoscalers, _renamed),
    ),
    Operator(
        "scale-both-ways",
        "Let a vertical autoscaler change the resources that a horizontal one follows.",
        ("availability.autoscalers_apart",),
        _both_resources,
    ),
    Operator(
        "drop-disruption-budget",
        "Leave a PodDisruptionBudget out.",
        ("availability.disruption_budget",),
        dropped(budgets),
    ),
    Operator(
        "block-drains",
        "Let a PodDisruptionBudget allow no eviction.",
        ("availability.disruption_budget",),
        at(budgets, _limited({"maxUnavailable": 0})),
    ),
    Operator(
        "keep-every-pod",
        "Let a PodDisruptionBudget keep all pods.",
        ("availability.disruption_budget",),
        at(budgets, _limited({"minAvailable": "100%"})),
    ),
    Operator(
        "keep-more-pods-than-there-are",
        "Let a PodDisruptionBudget keep a hundred pods.",
        ("availability.disruption_budget",),
        at(budgets, _limited({"minAvailable": 100})),
    ),
    Operator(
        "budget-for-jobs",
        "Let a PodDisruptionBudget select the pods of Jobs.",
        ("availability.disruption_budget",),
        _select_jobs,
    ),
    Operator(
        "budget-for-nothing",
        "Let a PodDisruptionBudget select no pod.",
        ("availability.disruption_budget",),
        at(budgets, setting(spec__selector__matchLabels__tier="none")),
    ),
    Operator(
        "budget-twice",
        "Add a second PodDisruptionBudget for the same pods.",
        ("availability.disruption_budget",),
        added(budgets, _renamed),
    ),
    Operator(
        "take-pods-before-others-come",
        "Let a rollout stop a pod before its successor is ready.",
        ("availability.rollout",),
        at(such(of_kind("Deployment"), _serves), setting(spec__strategy__rollingUpdate__maxUnavailable=1)),
    ),
    Operator(
        "stop-all-pods-first",
        "Let a rollout stop all pods first.",
        ("availability.rollout",),
        at(such(of_kind("Deployment"), _serves), setting(spec__strategy={"type": "Recreate"})),
    ),
    Operator(
        "stop-at-once",
        "Leave the preStop hook out.",
        ("availability.rollout",),
        at(servers, without("lifecycle")),
    ),
    Operator(
        "kill-too-soon",
        "Let Kubernetes kill a server a second after it is told to stop.",
        ("availability.rollout",),
        at(server_pods, setting(terminationGracePeriodSeconds=1)),
    ),
    Operator(
        "wait-for-ever",
        "Let SpiceDB wait for ever for what is under way.",
        ("availability.rollout",),
        at(servers, reset("SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD", "0s")),
    ),
    *(
        Operator(
            f"forget-{probe.removesuffix('Probe')}-probe",
            f"Leave the {probe} out.",
            ("availability.probes",),
            at(servers, without(probe)),
        )
        for probe in ("startupProbe", "readinessProbe", "livenessProbe")
    ),
    *(
        Operator(
            f"forget-{word}-topology-constraint",
            f"Leave the {word} topology spread constraint out.",
            ("availability.topology_spread",),
            at(server_pods, _unspread(index)),
        )
        for index, word in enumerate(("first", "second"))
    ),
    Operator(
        "spread-other-pods",
        "Let a topology spread constraint select other pods.",
        ("availability.topology_spread",),
        at(
            entries(server_pods, "topologySpreadConstraints"),
            instead("labelSelector", {"matchLabels": {"tier": "none"}}),
        ),
    ),
)
