"""Outcomes: what each scenario that ran came to, as evidence.

An outcome is a line of build/cluster/outcomes.jsonl. All but `times` is covered by `digest`, so that two runs that saw
the same can be told from two that did not. A scenario that did not run has no outcome, and so never counts as passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from compliance.model import ScenarioResult
from compliance.scenarios import NOT_HASHED, SCHEMA
from compliance.values import digest


@dataclass(frozen=True, order=True)
class Applied:
    """An object that the cluster was given; the digest is that of its canonical JSON, as in renderings."""

    kind: str
    name: str
    digest: str


@dataclass(frozen=True, order=True)
class Ran:
    """An image that a container ran: what the pod asked for, and what the container runtime says it was."""

    image: str
    digest: str


@dataclass(frozen=True)
class Outcome:
    """What one scenario came to.

    `chart` is the SHA-256 of the chart's files. `counts` are figures that the scenario measured and that matter to what
    it shows; `times`, in seconds unless the
    name says otherwise, differ from run to run.
    """

    id: str
    title: str
    shows: str
    chart: str
    result: ScenarioResult
    failure: str
    counts: Mapping[str, int]
    objects: tuple[Applied, ...]
    images: tuple[Ran, ...]
    kubernetes: str
    differences: tuple[str, ...]
    times: Mapping[str, float]
    begun: str

    @property
    def digest(self) -> str:
        return digest({key: value for key, value in asdict(self).items() if key not in NOT_HASHED})

    def to_json(self) -> str:
        """One line, sorted, with its schema and digest."""
        document = {"schema": SCHEMA, "method": "TEST", "digest": self.digest, **asdict(self)}
        return json.dumps(document, sort_keys=True)


@dataclass
class Recorder:
    """What a scenario notes while it runs."""

    counts: dict[str, int] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    objects: set[Applied] = field(default_factory=set)
    images: set[Ran] = field(default_factory=set)

    def count(self, **counts: int) -> None:
        """Note figures that belong to what the scenario shows."""
        self.counts |= counts

    def time(self, **times: float) -> None:
        """Note times, in seconds unless the name says otherwise."""
        self.times |= {name: round(value, 3) for name, value in times.items()}

    def applied(self, objects: Iterable[Mapping[str, Any]]) -> None:
        self.objects |= {Applied(one["kind"], one["metadata"]["name"], digest(one)) for one in objects}

    def ran(self, pods: Iterable[Mapping[str, Any]]) -> None:
        """Note the images of containers that have started."""
        for pod in pods:
            statuses = [*pod["status"].get("initContainerStatuses", []), *pod["status"].get("containerStatuses", [])]
            self.images |= {Ran(s["image"], s["imageID"].rpartition("@")[2]) for s in statuses if s.get("imageID")}

    def noted(self) -> dict[str, Any]:
        """As JSON, which is how it gets from a worker to the process that writes outcomes."""
        return {
            "counts": self.counts,
            "times": self.times,
            "objects": [asdict(one) for one in sorted(self.objects)],
            "images": [asdict(one) for one in sorted(self.images)],
        }


def write(path: Path, outcomes: Iterable[Outcome]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{outcome.to_json()}\n" for outcome in sorted(outcomes, key=lambda o: o.id)))
