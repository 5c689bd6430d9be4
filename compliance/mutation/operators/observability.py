"""Mistakes that leave a deployment unwatched, and manifests that Kubernetes would not take."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Spot,
    at,
    every_object,
    found,
    of_kind,
    setting,
    such,
    templates,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import servers

_PART = "app.kubernetes.io/part-of"


def _without_label(label: str) -> Change:
    def change(holder: Json) -> Json | None:
        labels = found(holder, ("metadata", "labels")) or {}
        if label not in labels:
            return None
        return with_(holder, ["metadata", "labels"], {k: v for k, v in labels.items() if k != label})

    return change


def _without_metrics_port(service: Json) -> Json | None:
    ports = found(service, ("spec", "ports")) or []
    rest = [port for port in ports if port.get("name") != "metrics"]
    return with_(service, ["spec", "ports"], rest) if rest and len(rest) < len(ports) else None


def _undeclared_metrics(container: Json) -> Json | None:
    ports = container.get("ports") or []
    rest = [port for port in ports if port.get("name") != "metrics"]
    return {**container, "ports": rest} if len(rest) < len(ports) else None


def pod_templates(objects: Manifests) -> Iterator[Spot]:
    return iter(such(templates, lambda template: "kind" not in template)(objects))


OPERATORS = (
    Operator(
        "forget-label",
        f"Leave the label {_PART} of an object out.",
        ("observability.standard_labels",),
        at(every_object, _without_label(_PART)),
    ),
    Operator(
        "forget-label-of-pods",
        f"Leave the label {_PART} of a pod template out.",
        ("observability.standard_labels",),
        at(pod_templates, _without_label(_PART)),
    ),
    Operator(
        "forget-every-label",
        "Leave all labels of an object out.",
        ("observability.standard_labels",),
        at(such(every_object, lambda o: bool(found(o, ("metadata", "labels")))), setting(metadata__labels={})),
    ),
    Operator(
        "lead-nobody-to-metrics",
        "Leave the port for metrics of a Service out.",
        ("observability.metrics_reachable",),
        at(of_kind("Service"), _without_metrics_port),
    ),
    Operator(
        "hide-metrics-port",
        "Leave the port for metrics of a container out.",
        ("observability.metrics_reachable",),
        at(servers, _undeclared_metrics),
    ),
    Operator(
        "mistype-field",
        "Write a field that Kubernetes does not know into a pod.",
        ("kubernetes.schema",),
        at(such(templates, lambda t: "spec" in t), setting(spec__serviceAcountName="other")),
    ),
    Operator(
        "write-text-for-a-number",
        "Write a word where Kubernetes wants a number.",
        ("kubernetes.schema",),
        at(such(templates, lambda t: "spec" in t), setting(spec__terminationGracePeriodSeconds="long")),
    ),
)
