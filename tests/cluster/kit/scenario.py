"""What makes a test a scenario: an id, and what it shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import pytest

from compliance.model import ScenarioResult
from tests.cluster.kit.outcomes import Applied, Outcome, Ran

MARKER = "scenario"
NOTED = "outcome"
REPEATED = "repeated"
LONG = "long"
ROUNDS = "ROUNDS"

# For scenarios whose failure may be a matter of luck: they run as often as ROUNDS says, each time as one of its own.
repeated = pytest.mark.repeated

# For scenarios that take half a minute and more, most of it waiting.
long = pytest.mark.long


def scenario(identity: str, shows: str) -> pytest.MarkDecorator:
    """Mark a test as a scenario. The id, such as install.memory, names its outcome and its namespace."""
    if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", identity):
        raise ValueError(
            f"{identity!r} cannot be a scenario's id: lower case words, with dots and hyphens between them"
        )
    return pytest.mark.scenario(id=identity, shows=shows)


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Long, repeated and other ones in turn: what waits leaves the processor to what must not fail a request."""
    waiting = [item for item in items if item.get_closest_marker(LONG)]
    loaded = [item for item in items if item.get_closest_marker(REPEATED) and item not in waiting]
    others = [item for item in items if item not in waiting and item not in loaded]
    return [item for turn in zip_longest(waiting, loaded, others) for item in turn if item]


def rounds() -> list[str]:
    """The names of the rounds of what is repeated; a single one has none."""
    given = os.environ.get(ROUNDS) or "1"
    if not re.fullmatch(r"[1-9]\d*", given):
        raise pytest.UsageError(f"{ROUNDS}={given} is no number of rounds: 1 or more, please")
    return [f"round-{number}" for number in range(1, int(given) + 1)] if int(given) > 1 else []


def facts(item: pytest.Item) -> dict[str, str]:
    """A scenario's id, title and what it shows; a parameter of the test is added to the id."""
    marker = item.get_closest_marker(MARKER)
    if marker is None:
        raise pytest.UsageError(f"{item.nodeid} is no scenario: mark it with @scenario(id, shows)")
    name = getattr(item, "originalname", item.name)
    parameter = item.name.removeprefix(name).strip("[]")
    identity = (
        f"{marker.kwargs['id']}.{re.sub(r'[^a-z0-9]+', '-', parameter.lower())}" if parameter else marker.kwargs["id"]
    )
    title = name.removeprefix("test_").replace("_", " ")
    return {"id": identity, "title": title, "shows": marker.kwargs["shows"]}


def namespace_name(identity: str) -> str:
    name = identity.replace(".", "-")
    if len(name) > 63:
        raise pytest.UsageError(f"{identity} is too long for the name of a namespace: at most 63 characters, please")
    return name


def outcomes(reports: Iterable[pytest.TestReport], chart: str) -> list[Outcome]:
    """The outcomes of the scenarios that ran, from the reports of their phases; a skipped one has none.

    `chart` is the digest of the chart that they ran.
    """
    by_test: dict[str, list[pytest.TestReport]] = {}
    for report in reports:
        by_test.setdefault(report.nodeid, []).append(report)
    found = []
    for phases in by_test.values():
        noted = dict(phases[-1].user_properties).get(NOTED)
        if noted and not any(phase.skipped for phase in phases):
            found.append(_outcome(phases, noted, chart))
    return found


def _outcome(phases: Sequence[pytest.TestReport], noted: Any, chart: str) -> Outcome:
    failed = [phase for phase in phases if phase.failed]
    in_call = any(phase.when == "call" for phase in failed)
    result = ScenarioResult.FAILED if in_call else ScenarioResult.ERROR if failed else ScenarioResult.PASSED
    seconds = {phase.when: round(phase.duration, 3) for phase in phases}
    return Outcome(
        chart=chart,
        result=result,
        failure=_first_line(failed[0]) if failed else "",
        counts=noted["counts"],
        times={**noted["times"], **{f"test_{when}": duration for when, duration in seconds.items()}},
        begun=datetime.fromtimestamp(phases[0].start, UTC).isoformat(timespec="seconds"),
        objects=tuple(Applied(**one) for one in noted["objects"]),
        images=tuple(Ran(**one) for one in noted["images"]),
        kubernetes=noted["kubernetes"],
        differences=tuple(noted["differences"]),
        **_identity(noted),
    )


def _identity(noted: Mapping[str, str]) -> dict[str, str]:
    return {key: noted[key] for key in ("id", "title", "shows")}


def _first_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else report.longreprtext
    return str(text).partition("\n")[0][:300]
