"""Which assignments of levels the constraints allow.

Each constraint becomes nogoods: levels of a few factors that can't stand together. The search follows what each choice
leaves to the others, and decides a factor only where first levels break a nogood; constraints touch few factors each,
so it is small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
# The levels that are left to each constrained factor, a bit for each.
Domains = Mapping[int, int]
# A nogood with its levels as bits.
Masks = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Model:
    """Factors under one profile, and the nogoods that the constraints make of their levels."""

    chart: Chart
    profile: str
    factors: tuple[Factor, ...]
    nogoods: tuple[Nogood, ...]
    _known: dict[Bound, dict[int, int] | None] = field(default_factory=dict, repr=False, compare=False)

    def allows(self, partial: Assignment) -> bool:
        """Whether some allowed assignment has `partial` in it."""
        return self._solution(partial) is not None

    def complete(self, partial: Assignment) -> dict[int, int] | None:
        """An allowed assignment of all factors that has `partial` in it; None if there is none."""
        return self._of_all_factors(self._solution(partial), partial)

    def narrowed(self, domains: Domains, chosen: Iterable[tuple[int, int]]) -> Domains | None:
        """What further choices leave, or None where they leave a factor nothing."""
        found = dict(domains)
        numbers = []
        for number, level in chosen:
            if number in found:
                found[number] &= 1 << level
                numbers.append(number)
        possible = all(found[number] for number in numbers) and self._follow(found, numbers)
        return found if possible else None

    def completed(self, domains: Domains, chosen: Assignment) -> dict[int, int] | None:
        """An allowed assignment of all factors that has `chosen` in it, which left these domains; None without one."""
        return self._of_all_factors(self._extend(domains), chosen)

    def changed(self, solution: Mapping[int, int], number: int, level: int) -> dict[int, int] | None:
        """An allowed assignment of all factors with one level changed, if it is allowed as it is: quick to ask."""
        found = {**solution, number: level}
        nogoods = self._masks_of.get(number, ())
        return None if any(all(mask >> found[n] & 1 for n, mask in nogood) for nogood in nogoods) else found

    @cached_property
    def domains(self) -> tuple[tuple[int, ...], ...]:
        """Per factor, the levels that at least one allowed assignment has."""
        return tuple(
            tuple(level for level in range(len(factor.levels)) if self.allows({number: level}))
            for number, factor in enumerate(self.factors)
        )

    @cached_property
    def constrained(self) -> tuple[int, ...]:
        """The factors that a nogood speaks of, the most spoken of first; only these need a search."""
        counts = Counter(number for nogood in self.nogoods for number in nogood)
        return tuple(sorted(counts, key=lambda number: (-counts[number], number)))

    def levels(self, assignment: Assignment) -> dict[str, Any]:
        """An assignment of numbers as keys and levels."""
        return {self.factors[number].key: self.factors[number].levels[level] for number, level in assignment.items()}

    def _of_all_factors(self, solution: dict[int, int] | None, chosen: Assignment) -> dict[int, int] | None:
        """With the first level of each factor that no constraint speaks of, where none is chosen."""
        return None if solution is None else dict.fromkeys(range(len(self.factors)), 0) | solution | dict(chosen)

    def _solution(self, partial: Assignment) -> dict[int, int] | None:
        bound = frozenset((number, level) for number, level in partial.items() if number in self.open)
        if bound not in self._known:
            self._known[bound] = self._search(dict(bound))
        return self._known[bound]

    def _search(self, chosen: Assignment) -> dict[int, int] | None:
        if chosen:
            domains = self.narrowed(self.open, chosen.items())
            return None if domains is None else self._extend(domains)
        everything = dict(self.open)
        return self._extend(everything) if self._follow(everything, list(everything)) else None

    def _extend(self, domains: Domains) -> dict[int, int] | None:
        """The first level that each factor has left; where that breaks a nogood, one of its factors is decided."""
        first = {number: levels & -levels for number, levels in domains.items()}
        broken = self._broken_by(first)
        if broken is None:
            return {number: level.bit_length() - 1 for number, level in first.items()}
        number = min((n for n, _ in broken if domains[n] & (domains[n] - 1)), key=lambda n: domains[n].bit_count())
        left = domains[number]
        while left:
            level = left & -left
            left ^= level
            narrowed = {**domains, number: level}
            if self._follow(narrowed, [number]) and (found := self._extend(narrowed)) is not None:
                return found
        return None

    def _broken_by(self, single: Domains) -> Masks | None:
        """The first nogood that one level a factor breaks. Written out, as most of the search's time is spent here."""
        for nogood in self._masks:
            for number, mask in nogood:
                if not single[number] & mask:
                    break
            else:
                return nogood
        return None

    def _follow(self, domains: dict[int, int], changed: list[int]) -> bool:
        """Strikes off the levels that can't be chosen any more; False when a factor has none left."""
        while changed:
            for nogood in self._masks_of[changed.pop()]:
                way_out = None
                for number, mask in nogood:
                    if domains[number] & ~mask:
                        if way_out is not None:
                            break  # two ways out: nothing follows
                        way_out = number, mask
                else:
                    if way_out is None:
                        return False
                    number, mask = way_out
                    if domains[number] & mask:
                        domains[number] &= ~mask
                        changed.append(number)
        return True

    @cached_property
    def open(self) -> Domains:
        """The constrained factors, each with all of its levels."""
        return {number: (1 << len(self.factors[number].levels)) - 1 for number in self.constrained}

    @cached_property
    def _masks(self) -> tuple[Masks, ...]:
        """The nogoods with their levels as bits."""
        return tuple(
            tuple((n, sum(1 << level for level in nogood[n])) for n in nogood) for nogood in self.nogoods if nogood
        )

    @cached_property
    def _masks_of(self) -> Mapping[int, tuple[Masks, ...]]:
        found: dict[int, list[Masks]] = {number: [] for number in self.constrained}
        for nogood in self._masks:
            for number, _ in nogood:
                found[number].append(nogood)
        return {number: tuple(nogoods) for number, nogoods in found.items()}


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
