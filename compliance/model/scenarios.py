"""What scenarios on a real cluster came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ScenarioResult(StrEnum):
    """How a scenario ended; `error`: it could not be set up or taken down, so that it shows nothing."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


@dataclass(frozen=True)
class ScenarioOutcome:
    """What one scenario on a real cluster came to (method TEST).

    `counts` are figures that it measured; `objects` is how many objects Helm gave to the cluster; `images` are those
    that containers ran, with digests; `differences` says how the cluster differs from one as it comes. `digest` covers
    all but `times`, in seconds unless the name says otherwise, and `begun`.
    """

    id: str
    shows: str
    result: ScenarioResult
    failure: str
    counts: Mapping[str, int]
    objects: int
    images: tuple[str, ...]
    kubernetes: str
    differences: tuple[str, ...]
    digest: str
    times: Mapping[str, float]
    begun: str


@dataclass(frozen=True)
class ScenarioEvidence:
    """The scenarios that ran, by id; one that did not run is not in it."""

    file: str
    outcomes: tuple[ScenarioOutcome, ...]
