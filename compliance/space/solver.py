"""Which assignments of levels the constraints allow.

Each constraint becomes nogoods: levels of a few factors that can't stand together. Most questions differ from an
earlier one in a level or two, so a known solution with those levels put in is tried first. What that can't answer is
searched: levels that nogoods leave no room for are taken away at once, and only where a nogood still can break is there
a choice to make and to take back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from compliance.chart import Chart
from compliance.constraints import Condition, Constraint
from compliance.errors import InputError
from compliance.space.factors import KUBERNETES, PROFILE, Factor, values_of
from compliance.values import merge

# A nogood maps factor numbers to the level numbers that together break one constraint.
Nogood = Mapping[int, frozenset[int]]
Assignment = Mapping[int, int]
Bound = frozenset[tuple[int, int]]
Levels = dict[int, frozenset[int]]


@dataclass(frozen=True)
class Model:
    """Factors under one profile, and the nogoods that the constraints make of their levels."""

    chart: Chart
    profile: str
    factors: tuple[Factor, ...]
    nogoods: tuple[Nogood, ...]
    _known: dict[Bound, dict[int, int] | None] = field(default_factory=dict, repr=False, compare=False)
    _recent: deque[dict[int, int]] = field(default_factory=lambda: deque(maxlen=4), repr=False, compare=False)

    def allows(self, partial: Assignment) -> bool:
        """Whether some allowed assignment has `partial` in it."""
        return self._solution(partial) is not None

    def complete(self, partial: Assignment) -> dict[int, int] | None:
        """An allowed assignment of all factors that has `partial` in it; None if there is none."""
        solution = self._solution(partial)
        return None if solution is None else dict.fromkeys(range(len(self.factors)), 0) | solution | dict(partial)

    @cached_property
    def domains(self) -> tuple[tuple[int, ...], ...]:
        """Per factor, the levels that at least one allowed assignment has."""
        return tuple(
            tuple(level for level in range(len(factor.levels)) if self.allows({number: level}))
            for number, factor in enumerate(self.factors)
        )

    @cached_property
    def constrained(self) -> tuple[int, ...]:
        """The factors that a nogood speaks of; only these need a search."""
        return tuple(sorted({number for nogood in self.nogoods for number in nogood}))

    def levels(self, assignment: Assignment) -> dict[str, Any]:
        """An assignment of numbers as keys and levels."""
        return {self.factors[number].key: self.factors[number].levels[level] for number, level in assignment.items()}

    def _solution(self, partial: Assignment) -> dict[int, int] | None:
        bound = frozenset((number, level) for number, level in partial.items() if number in self._by_factor)
        if bound not in self._known:
            solution = self._adapted(dict(bound)) or self._search(dict(bound))
            self._known[bound] = solution
            if solution:
                self._recent.append(solution)
        return self._known[bound]

    def _adapted(self, bound: Assignment) -> dict[int, int] | None:
        """A recent solution with `bound` put into it, if that breaks nothing: only what changed needs another look."""
        for recent in reversed(self._recent):
            changed = [number for number, level in bound.items() if recent[number] != level]
            candidate = {**recent, **bound}
            if not any(_is_broken(nogood, candidate) for number in changed for nogood in self._by_factor[number]):
                return candidate
        return None

    def _search(self, chosen: Mapping[int, int]) -> dict[int, int] | None:
        """The smallest levels of what is left when the levels that nogoods forbid are taken away."""
        if self._unbound is None:
            return None
        bound = {number: frozenset((level,)) & self._unbound[number] for number, level in chosen.items()}
        if not all(bound.values()):
            return None
        solved = self._without_nogoods({**self._unbound, **bound}, list(bound))
        return None if solved is None else {number: min(levels) for number, levels in solved.items()}

    def _without_nogoods(self, levels: Levels, changed: Sequence[int]) -> Levels | None:
        """Levels of which any choice breaks no nogood: of each nogood that still can break, one factor gives way."""
        left = self._propagated(levels, changed)
        while left is not None:
            found = left
            nogood = next((g for g in self.nogoods if not any(found[n].isdisjoint(g[n]) for n in g)), None)
            if nogood is None:
                return left
            # A default level that may stay does: solutions are then near to the defaults.
            number = min((n for n in nogood if not left[n] <= nogood[n]), key=lambda n: (0 in nogood[n], n))
            solved = self._without_nogoods({**left, number: left[number] - nogood[number]}, [number])
            if solved is not None:
                return solved
            left = self._propagated({**left, number: left[number] & nogood[number]}, [number])
        return None

    def _propagated(self, levels: Levels, changed: Sequence[int]) -> Levels | None:
        """What follows where all but one factor of a nogood are bound to break it; None if none is left to give way."""
        left = dict(levels)
        queue = list(changed)
        while queue:
            for nogood in self._by_factor[queue.pop()]:
                free = [number for number in nogood if not left[number] <= nogood[number]]
                if not free:
                    return None
                if len(free) == 1 and not left[free[0]].isdisjoint(nogood[free[0]]):
                    left[free[0]] -= nogood[free[0]]
                    queue.append(free[0])
        return left

    @cached_property
    def _unbound(self) -> Levels | None:
        """The levels of each constrained factor that are left where nothing is chosen; None if nothing is allowed."""
        every = {number: frozenset(range(len(self.factors[number].levels))) for number in self.constrained}
        return self._propagated(every, self.constrained)

    @cached_property
    def _by_factor(self) -> Mapping[int, tuple[Nogood, ...]]:
        return {number: tuple(g for g in self.nogoods if number in g) for number in self.constrained}


def nogoods_of(
    chart: Chart, profile: str, factors: Sequence[Factor], constraint: Constraint
) -> tuple[dict[int, frozenset[int]], ...]:
    """The nogoods of one constraint: all of `when` true and one of `require` false.

    Raises InputError for a constraint that speaks of no key of the schema.
    """
    nogoods = []
    for required in constraint.require:
        nogood: dict[int, frozenset[int]] = {}
        possible = True
        for condition, wanted in [*((c, True) for c in constraint.when), (required, False)]:
            number, levels = _levels_where(chart, profile, factors, constraint, condition, wanted)
            if number is not None:
                levels &= nogood.get(number, levels)
                nogood[number] = levels
            possible = possible and bool(levels)
        if possible:
            nogoods.append(nogood)
    return tuple(nogoods)


def _levels_where(
    chart: Chart, profile: str, factors: Sequence[Factor], constraint: Constraint, condition: Condition, wanted: bool
) -> tuple[int | None, frozenset[int]]:
    """The factor that decides a condition and the levels that make it `wanted`.

    The factor is None when nothing that varies decides it; the set is then empty for "never" and {0} for "always".
    """
    for number, factor in enumerate(factors):
        if factor.key != KUBERNETES and (condition.path + ".").startswith(factor.key + "."):
            return number, frozenset(
                level
                for level, value in enumerate(factor.levels)
                if condition.holds(merge(chart.defaults, values_of(chart, profile, {factor.key: value})[0])) is wanted
            )
    if any(factor.key.startswith(condition.path + ".") for factor in factors):
        raise InputError(
            f"constraints.yaml: {constraint.id}: '{condition.path}' is a group of keys; name one key below it"
        )
    if not _in_schema(chart, condition.path):
        raise InputError(f"constraints.yaml: {constraint.id}: the schema has no key '{condition.path}'")
    fixed = {PROFILE: profile} if PROFILE in chart.defaults else {}
    return None, frozenset({0}) if condition.holds(merge(chart.defaults, fixed)) is wanted else frozenset()


def _in_schema(chart: Chart, path: str) -> bool:
    node = chart.schema
    for key in path.split("."):
        properties = node.get("properties")
        if not isinstance(properties, Mapping):
            return True
        if key not in properties:
            return False
        node = properties[key]
    return True


def _is_broken(nogood: Nogood, chosen: Assignment) -> bool:
    return all(chosen.get(number) in levels for number, levels in nogood.items())
