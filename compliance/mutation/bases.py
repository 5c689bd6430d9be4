"""Which passing renderings mistakes are made in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.chart import Chart
from compliance.engines import Engine
from compliance.errors import InputError
from compliance.gates import PRODUCTION
from compliance.model import Rendering
from compliance.mutation.operators import Operator
from compliance.render import Renderer
from compliance.space.cases import representatives


@dataclass(frozen=True)
class Seen:
    """The rules that found something to look at in a rendering, and those of them that do not hold."""

    exercised: frozenset[str]
    failing: frozenset[str]

    @property
    def holding(self) -> frozenset[str]:
        return self.exercised - self.failing


@dataclass(frozen=True)
class Base:
    """A rendering in which no rule of severity critical or high fails."""

    name: str
    rendering: Rendering
    seen: Seen


def look(engines: Sequence[Engine], rendering: Rendering) -> Seen:
    """What the rules of the engines say of a rendering."""
    observations = [o for engine in engines for o in engine.judge(rendering).observations]
    return Seen(
        frozenset(o.rule for o in observations),
        frozenset(o.rule for o in observations if not o.holds),
    )


def bases_of(
    chart: Chart,
    renderer: Renderer,
    engines: Sequence[Engine],
    operators: Sequence[Operator],
    kubernetes: Sequence[str],
) -> tuple[Base, ...]:
    """The examples under production, plain and with every switch on, and what of their neighbours shows more.

    A neighbour is taken where a template of the chart, a rule that holds or a place for an operator is in no base
    before it. Raises InputError if there is none at all.
    """
    profile = PRODUCTION if PRODUCTION in chart.profiles else chart.profiles[0]
    gates = {rule.id for engine in engines for rule in engine.rules if rule.severity.is_gate}
    rules = {rule.id for engine in engines for rule in engine.rules}
    found: list[Base] = []
    templates: set[str] = set()
    held: set[str] = set()
    idle = list(operators)
    for name, is_neighbour, rendering in _renderings(chart, renderer, profile, kubernetes):
        sources = {o.source for o in rendering.objects}
        objects = tuple(o.data for o in rendering.objects)
        still_idle = [operator for operator in idle if not any(True for _ in operator.mutate(objects))]
        says_more = not is_neighbour or not sources <= templates or len(still_idle) < len(idle)
        if not says_more and rules <= held:
            continue
        seen = look(engines, rendering)
        if seen.failing & gates or not (says_more or not seen.holding <= held):
            continue
        idle = still_idle
        found.append(Base(name, rendering, seen))
        templates |= sources
        held |= seen.holding
    if not found:
        raise InputError(
            "neither the chart's defaults nor one of its examples passes the rules of severity critical and high under "
            f"the profile {profile}, so there is nothing to make mistakes in: add examples/<name>.yaml that does"
        )
    return tuple(found)


def _renderings(
    chart: Chart, renderer: Renderer, profile: str, kubernetes: Sequence[str]
) -> Iterator[tuple[str, bool, Rendering]]:
    seen: set[str] = set()
    for case in representatives(chart, profile, kubernetes):
        outcome = renderer.render(case)
        if isinstance(outcome, Rendering) and outcome.digest not in seen:
            seen.add(outcome.digest)
            yield case.origin.detail, bool(case.origin.key), outcome
