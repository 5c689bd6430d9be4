"""Which Cases a run tries, in order, and where each comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from compliance.chart import Chart
from compliance.constraints import Constraint, broken
from compliance.model import Case, FactorRecord, Origin, OriginKind, ProfileCoverage
from compliance.space.covering import Row, covering_array, covering_rows
from compliance.space.draws import drawn_levels
from compliance.space.factors import KUBERNETES, PROFILE, Factor, factors_of, leaves_of, values_of
from compliance.space.solver import Model, Nogood, nogoods_of
from compliance.values import canonical_json, get, merge, put


@dataclass(frozen=True)
class Space:
    """The Cases of a run, each id once, and how they cover the values space.

    `probes` maps a constraint to the ids of the Cases that were made to break it.
    """

    cases: tuple[Case, ...]
    duplicates: int
    probes: Mapping[str, Sequence[str]]
    coverage: tuple[ProfileCoverage, ...]
    factors: tuple[FactorRecord, ...]


def whole_space(chart: Chart, profiles: Sequence[str], kubernetes: Sequence[str], draws: int, seed: int) -> Space:
    """Defaults, examples and their neighbours, a covering array a profile, one Case to break each constraint, draws.

    `kubernetes` are minor versions, oldest first; what is not varied over them is rendered for the newest.
    """
    leaves = leaves_of(chart)
    factors = factors_of(chart, kubernetes)
    cases = list(named_cases(chart, kubernetes))
    coverage = []
    probes: dict[str, list[str]] = defaultdict(list)
    for profile in profiles:
        nogoods = _nogoods(chart, profile, factors)
        model = _model(chart, profile, factors, nogoods)
        array = covering_array(model)
        rows, pairs = array.rows, array.pairs
        coverage.append(ProfileCoverage(profile, len(rows), pairs.covered, pairs.total, pairs.infeasible))
        cases += _neighbours(chart, profile, factors, kubernetes[-1])
        cases += _covering(model, rows)
        for constraint, case in _broken(chart, profile, factors, nogoods):
            probes[constraint].append(case.id)
            cases.append(case)
        cases += _drawn(model, leaves, rows, draws, seed)
    wanted = [case for case in cases if case.profile in profiles]
    distinct = tuple({case.id: case for case in reversed(wanted)}[id_] for id_ in dict.fromkeys(c.id for c in wanted))
    records = tuple(
        FactorRecord(
            leaf.path,
            leaf.levels,
            "" if leaf.is_varied else "the schema names no level but the default: a leaf gets levels by `examples`",
        )
        for leaf in leaves
    )
    return Space(distinct, len(wanted) - len(distinct), probes, tuple(coverage), records)


def covering_cases(chart: Chart, profiles: Sequence[str], kubernetes: Sequence[str]) -> Iterator[Case]:
    """The rows of the covering arrays alone, as the whole space has them."""
    factors = factors_of(chart, kubernetes)
    for profile in profiles:
        model = _model(chart, profile, factors, _nogoods(chart, profile, factors))
        yield from _covering(model, covering_rows(model))


def one_file(chart: Chart, values: Mapping[str, Any], name: str, kubernetes: Sequence[str]) -> Space:
    """Exactly one user's values file, for every Kubernetes version."""
    profile = chart.profile_of(values)
    cases = tuple(Case(values, version, profile, Origin(OriginKind.USER, name)) for version in reversed(kubernetes))
    return Space(cases, 0, {}, (), ())


def named_cases(chart: Chart, kubernetes: Sequence[str]) -> Iterator[Case]:
    """The defaults and the examples, for each version of Kubernetes, the newest first."""
    examples = ((Origin(OriginKind.EXAMPLE, f"examples/{name}"), values) for name, values in chart.examples.items())
    for origin, values in ((Origin(OriginKind.DEFAULT, "values.yaml"), {}), *examples):
        for version in reversed(kubernetes):
            yield Case(values, version, chart.profile_of(values), origin)


def representatives(chart: Chart, profile: str, kubernetes: Sequence[str]) -> Iterator[Case]:
    """The defaults and the examples under one profile, plain and with every switch on that can be, then neighbours.

    Much fewer than the covering rows, and rich in objects; no pair of levels is claimed to be in them.
    """
    factors = factors_of(chart, kubernetes)
    if _accepts(chart, bare := _in_profile(chart, {}, profile)):
        yield Case(bare, kubernetes[-1], profile, Origin(OriginKind.DEFAULT, f"values.yaml as {profile}"))
    yield from _bases(chart, profile, factors, kubernetes[-1])
    yield from (case for case in _neighbours(chart, profile, factors, kubernetes[-1], whole=1) if case.origin.key)


def _bases(chart: Chart, profile: str, factors: Sequence[Factor], newest: str) -> Iterator[Case]:
    """What neighbours are taken of: the examples, moved to this profile where its constraints allow that.

    Those come first that most profiles accept, as one change breaks a control only where everything else is right.
    Each comes a second time with every switch on that can be, so that keys of what the example leaves off are seen too.
    """
    switches = [factor.key for factor in factors if sorted(map(str, factor.levels)) == ["False", "True"]]
    moved = {
        name: {to: values for to in chart.profiles if _accepts(chart, values := _in_profile(chart, example, to))}
        for name, example in chart.examples.items()
    }
    for name in sorted(moved, key=lambda name: (-len(moved[name]), name)):
        if profile not in moved[name]:
            continue
        values = moved[name][profile]
        yield Case(values, newest, profile, Origin(OriginKind.NEIGHBOUR, f"examples/{name} as {profile}"))
        for switch in switches:
            switched = put(values, switch, True)
            values = switched if _accepts(chart, switched) else values
        detail = f"examples/{name} as {profile} with every switch on that can be"
        yield Case(values, newest, profile, Origin(OriginKind.NEIGHBOUR, detail))


def _in_profile(chart: Chart, values: Mapping[str, Any], profile: str) -> Mapping[str, Any]:
    return put(values, PROFILE, profile) if PROFILE in chart.defaults else values


def _accepts(chart: Chart, values: Mapping[str, Any]) -> bool:
    return not broken(chart.constraints, merge(chart.defaults, values))


def _neighbours(chart: Chart, profile: str, factors: Sequence[Factor], newest: str, whole: int = 2) -> Iterator[Case]:
    """Each base, and what differs from it in one key; where that is refused, also the nearest that is accepted.

    The first bases, as many as `whole` says, have all their neighbours; two are the first example's. Of the others only
    those follow that no base before had accepted, such as the keys of another engine: the rest would say again what is
    known.
    """
    keys = {factor.key: factor.levels for factor in factors if factor.key != KUBERNETES}
    touching = {key: _touching(chart, key) for key in keys}
    accepted: set[tuple[str, str]] = set()
    for number, base in enumerate(_bases(chart, profile, factors, newest)):
        yield base
        merged = merge(chart.defaults, base.values)
        for key, level in ((key, level) for key, levels in keys.items() for level in levels):
            change = (key, canonical_json(level))
            if canonical_json(get(merged, key)) == change[1] or (number >= whole and change in accepted):
                continue
            values = put(base.values, key, level)
            wrong = broken(touching[key], merge(chart.defaults, values))
            others = {k: v for k, v in keys.items() if k != key}
            repaired, with_it = _repaired(chart, values, wrong, others, touching)
            is_accepted = bool(with_it) or not wrong
            if is_accepted:
                accepted.add(change)
            if number < whole or (is_accepted and not with_it):
                yield _neighbour(base, values, key, level, ())
            if with_it:
                yield _neighbour(base, repaired, key, level, with_it)


def _neighbour(base: Case, values: Mapping[str, Any], key: str, level: Any, with_it: tuple[str, ...]) -> Case:
    detail = f"{base.origin.detail}, {key}={canonical_json(level)}" + (f" with {', '.join(with_it)}" if with_it else "")
    origin = Origin(OriginKind.NEIGHBOUR, detail, base.id, key, level, with_it)
    return Case(values, base.kubernetes, base.profile, origin)


def _touching(chart: Chart, key: str) -> tuple[Constraint, ...]:
    """The constraints that a change of this key can break or mend: those of a path at, above or below it."""

    def is_about(path: str) -> bool:
        return f"{path}.".startswith(f"{key}.") or f"{key}.".startswith(f"{path}.")

    return tuple(constraint for constraint in chart.constraints if any(is_about(path) for path in constraint.paths))


def _repaired(
    chart: Chart,
    values: Mapping[str, Any],
    wrong: Sequence[Constraint],
    keys: Mapping[str, Sequence[Any]],
    touching: Mapping[str, Sequence[Constraint]],
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Values with a few of `keys` changed so that no constraint is broken, and which; none if that was not found.

    `wrong` are the constraints that the values break. Greedy: the first change that leaves fewer broken is kept.
    """
    changed: list[str] = []
    while wrong:
        step = next(
            (
                (path, candidate, left)
                for path in dict.fromkeys(path for constraint in wrong for path in constraint.paths)
                for level in keys.get(path, ())
                for candidate in (put(values, path, level),)
                for left in (_broken_after(chart, candidate, wrong, touching[path]),)
                if len(left) < len(wrong)
            ),
            None,
        )
        if step is None:
            return values, ()
        path, values, wrong = step
        changed.append(path)
    return values, tuple(changed)


def _broken_after(
    chart: Chart, values: Mapping[str, Any], before: Sequence[Constraint], touched: Sequence[Constraint]
) -> list[Constraint]:
    """What is broken after a change that can matter to the touched constraints only."""
    ids = {constraint.id for constraint in touched}
    untouched = [constraint for constraint in before if constraint.id not in ids]
    return [*untouched, *broken(touched, merge(chart.defaults, values))]


def _nogoods(chart: Chart, profile: str, factors: Sequence[Factor]) -> Mapping[str, Sequence[Nogood]]:
    return {constraint.id: nogoods_of(chart, profile, factors, constraint) for constraint in chart.constraints}


def _model(chart: Chart, profile: str, factors: tuple[Factor, ...], nogoods: Mapping[str, Sequence[Nogood]]) -> Model:
    return Model(chart, profile, factors, tuple(nogood for own in nogoods.values() for nogood in own))


def _covering(model: Model, rows: Sequence[Row]) -> Iterator[Case]:
    for number, row in enumerate(rows, 1):
        yield _case(model, model.levels(dict(enumerate(row))), Origin(OriginKind.COVERING, f"row {number}"))


def _broken(
    chart: Chart, profile: str, factors: tuple[Factor, ...], nogoods: Mapping[str, Sequence[Nogood]]
) -> Iterator[tuple[str, Case]]:
    """For each constraint, values that break it, and if possible no other."""
    free = Model(chart, profile, factors, ())
    for id_, own in nogoods.items():
        rest = Model(chart, profile, factors, tuple(g for other in nogoods if other != id_ for g in nogoods[other]))
        for nogood in own:
            choice = _first_in(rest, nogood) or _first_in(free, nogood)
            assignment = None if choice is None else rest.complete(choice) or free.complete(choice)
            if assignment is not None:
                yield id_, _case(free, free.levels(assignment), Origin(OriginKind.BROKEN, f"breaks {id_}"))


def _first_in(model: Model, nogood: Mapping[int, frozenset[int]]) -> dict[int, int] | None:
    """The first choice of the nogood's levels that the model can complete."""
    numbers = sorted(nogood)
    choices = (dict(zip(numbers, levels, strict=True)) for levels in product(*(sorted(nogood[n]) for n in numbers)))
    return next((choice for choice in choices if model.complete(choice) is not None), None)


def _drawn(model: Model, leaves: Sequence[Any], rows: Sequence[Row], draws: int, seed: int) -> Iterator[Case]:
    for number, levels in enumerate(drawn_levels(model, leaves, rows, draws, seed), 1):
        yield _case(model, levels, Origin(OriginKind.DRAWN, f"draw {number}"))


def _case(model: Model, levels: Mapping[str, Any], origin: Origin) -> Case:
    values, kubernetes = values_of(model.chart, model.profile, levels)
    return Case(values, kubernetes or "", model.profile, origin)
