"""Applying what Helm renders, without Helm, as Argo CD and Flux do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import template
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres
from tests.cluster.services.postgres import Database

Objects = Sequence[dict[str, Any]]
READY_WITHIN = 60


@scenario(
    "gitops.apply",
    "Rendered manifests, applied on the server with hooks first, come up, and applying again changes nothing",
)
@pytest.mark.parametrize("mode", ["job", "hook"])
def test_rendered_manifests_applied(namespace: Namespace, database: Database, recorder: Recorder, mode: str) -> None:
    rendered = template(namespace, on_postgres(namespace, database, config__migrations__mode=mode))
    recorder.applied(rendered)
    sync(namespace, rendered)
    namespace.until("deployment available", lambda: available(namespace), READY_WITHIN)
    (job,) = namespace.list("Job")
    namespace.job_done(job["metadata"]["name"], within=30)
    before = generations(namespace, rendered)
    namespace.apply(one for one in rendered if not is_hook(one))
    changed = {name for name, generation in generations(namespace, rendered).items() if generation != before[name]}
    recorder.count(objects=len(rendered), changed_when_applied_again=len(changed))
    assert changed == set()


def sync(namespace: Namespace, rendered: Objects) -> None:
    """As Argo CD does: hooks before the rest, by weight, each finished before those of a greater weight."""
    hooks = [one for one in rendered if is_hook(one)]
    for weight in sorted({weight_of(one) for one in hooks}):
        wave = [one for one in hooks if weight_of(one) == weight]
        namespace.apply(wave)
        for one in wave:
            if one["kind"] == "Job":
                namespace.job_done(one["metadata"]["name"], within=60)
    namespace.apply(one for one in rendered if not is_hook(one))


def is_hook(one: dict[str, Any]) -> bool:
    return "helm.sh/hook" in one["metadata"].get("annotations", {})


def weight_of(one: dict[str, Any]) -> int:
    return int(one["metadata"]["annotations"].get("helm.sh/hook-weight", 0))


def available(namespace: Namespace) -> bool:
    (deployment,) = namespace.list("Deployment")
    return bool(deployment["status"].get("availableReplicas") == deployment["spec"]["replicas"])


def generations(namespace: Namespace, rendered: Objects) -> dict[str, int]:
    """How often each object's wish was changed; objects that have no such count are told by their version."""
    found = {}
    for one in rendered:
        metadata = namespace.get(one["kind"], one["metadata"]["name"])["metadata"]
        found[f"{one['kind']}/{metadata['name']}"] = metadata.get("generation", metadata["resourceVersion"])
    return found
