"""Covering arrays: few rows in which every feasible pair of levels of two keys stands together.

`covering_rows` builds them greedily, a row at a time. `coverage_of` counts pairs over any rows, whoever made them, and
proves each pair that no row has to be infeasible with the solver: what is claimed rests on that count, not on the
builder. (coverwise, which builds smaller arrays of unconstrained models, gives up on this chart's constraints: "search
budget exceeded".)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from compliance.errors import IncompleteRunError
from compliance.space.solver import Model

Row = tuple[int, ...]
Level = tuple[int, int]
Pair = tuple[Level, Level]


@dataclass(frozen=True)
class PairCoverage:
    """Pairs counted over rows: `missed` ones are feasible and in no row; infeasible ones no values can have."""

    covered: int
    total: int
    infeasible: int
    missed: tuple[Pair, ...]


@dataclass(frozen=True)
class CoveringArray:
    """Rows of level numbers, one a factor, and the count that shows that they cover every feasible pair."""

    rows: tuple[Row, ...]
    pairs: PairCoverage


def covering_rows(model: Model) -> tuple[Row, ...]:
    """The rows of the covering array."""
    return covering_array(model).rows


def covering_array(model: Model) -> CoveringArray:
    """Rows that cover every feasible pair, counted. Raises IncompleteRunError if they don't."""
    if any(not domain for domain in model.domains):
        raise IncompleteRunError(
            f"profile {model.profile}: the constraints contradict each other; no values at all are allowed"
        )
    rows = tuple(_Builder(model).rows())
    pairs = coverage_of(model, rows)
    if pairs.missed:
        (first, first_level), (second, second_level) = pairs.missed[0]
        raise IncompleteRunError(
            f"profile {model.profile}: {len(pairs.missed)} feasible pairs are in no row, the first is "
            f"{model.levels({first: first_level, second: second_level})}"
        )
    return CoveringArray(rows, pairs)


def coverage_of(model: Model, rows: Iterable[Sequence[int]]) -> PairCoverage:
    """Our own count of the pairs in rows of level numbers."""
    seen: set[Pair] = set()
    for row in rows:
        seen.update(combinations(enumerate(row), 2))
    every = [
        ((first, a), (second, b))
        for first, second in combinations(range(len(model.factors)), 2)
        for a in range(len(model.factors[first].levels))
        for b in range(len(model.factors[second].levels))
    ]
    unseen = [pair for pair in every if pair not in seen]
    missed = tuple(pair for pair in unseen if model.allows(dict(pair)))
    return PairCoverage(
        covered=len(seen), total=len(seen) + len(missed), infeasible=len(unseen) - len(missed), missed=missed
    )


class _Builder:
    """Greedy construction. Each level is a bit; `_open[level]` has the bits of its uncovered partners."""

    def __init__(self, model: Model) -> None:
        self._model = model
        levels = [(number, level) for number, domain in enumerate(model.domains) for level in domain]
        self._bit = {level: 1 << position for position, level in enumerate(levels)}
        self._of_factor = [[(number, level) for level in domain] for number, domain in enumerate(model.domains)]
        everything = sum(self._bit.values())
        self._open = {
            level: everything & ~sum(self._bit[other] for other in self._of_factor[level[0]]) for level in levels
        }

    def rows(self) -> Iterable[Row]:
        while (start := self._next_pair()) is not None:
            row = self._row(*start)
            chosen = sum(self._bit[item] for item in enumerate(row))
            for item in enumerate(row):
                self._open[item] &= ~chosen
            yield row

    def _next_pair(self) -> tuple[dict[int, int], dict[int, int]] | None:
        """A feasible uncovered pair, of a level that has most of them, and an allowed assignment that has it.

        Infeasible pairs are struck off on the way.
        """
        while True:
            level = max(self._open, key=lambda item: (self._open[item].bit_count(), item))
            partners = [other for other, bit in self._bit.items() if self._open[level] & bit]
            if not partners:
                return None
            for other in sorted(partners, key=lambda item: (-self._open[item].bit_count(), item)):
                if (solution := self._model.complete(dict((level, other)))) is not None:
                    return dict((level, other)), solution
                self._open[level] &= ~self._bit[other]
                self._open[other] &= ~self._bit[level]

    def _row(self, chosen: dict[int, int], solution: dict[int, int]) -> Row:
        row = _Partial(self._model, chosen, solution)
        mask = sum(self._bit[item] for item in chosen.items())
        pending = [number for number in range(len(self._of_factor)) if number not in chosen]
        pending.sort(key=lambda number: -max(self._open[item].bit_count() for item in self._of_factor[number]))
        for number in pending:
            by_gain = sorted(
                self._of_factor[number],
                key=lambda item: (-(self._open[item] & mask).bit_count(), -self._open[item].bit_count(), item),
            )
            mask |= self._bit[next(item for item in by_gain if row.takes(item))]
        return tuple(row.chosen[number] for number in range(len(self._of_factor)))


class _Partial:
    """A row that grows, with an allowed assignment that has its choices, so that it can always be completed."""

    def __init__(self, model: Model, chosen: Mapping[int, int], solution: dict[int, int]) -> None:
        self.chosen = dict(chosen)
        self._model = model
        self._solution = solution
        self._domains = model.open
        self._behind = list(chosen.items())  # choices whose consequences are not in the domains yet

    def takes(self, item: tuple[int, int]) -> bool:
        """Choose a level, if some allowed assignment has it beside those chosen before."""
        found = self._model.changed(self._solution, *item) or self._searched(item)
        if found is None:
            return False
        self._solution = found
        self.chosen[item[0]] = item[1]
        self._behind.append(item)
        return True

    def _searched(self, item: tuple[int, int]) -> dict[int, int] | None:
        caught_up = self._model.narrowed(self._domains, self._behind)
        if caught_up is None:
            raise AssertionError("choices that an allowed assignment has leave none")
        self._domains, self._behind = caught_up, []
        narrowed = self._model.narrowed(caught_up, [item])
        return None if narrowed is None else self._model.completed(narrowed, {**self.chosen, item[0]: item[1]})
