"""The quick half of tests/space: the rows that cover every pair of production values, for the newest Kubernetes.

Neighbours, refusals, development and the other versions of Kubernetes are left to `make space` and `make compliance`.
"""

from __future__ import annotations

from functools import cache

from compliance.engines import Judgement
from compliance.engines.rego import RegoEngine
from compliance.space.covering import coverage_of, covering_rows
from compliance.space.factors import factors_of, values_of
from compliance.space.solver import Model, nogoods_of
from tests.project import NEWEST, chart, policies, rendering

FACTORS = factors_of(chart(), [NEWEST])


@cache
def model() -> Model:
    nogoods = (nogoods_of(chart(), "production", FACTORS, constraint) for constraint in chart().constraints)
    return Model(chart(), "production", FACTORS, tuple(nogood for own in nogoods for nogood in own))


@cache
def rows() -> tuple[tuple[int, ...], ...]:
    return covering_rows(model())


@cache
def judgements() -> tuple[Judgement, ...]:
    engine = RegoEngine(policies())
    values = (values_of(chart(), "production", model().levels(dict(enumerate(row))))[0] for row in rows())
    return tuple(engine.judge(rendering(found)) for found in values)


def test_every_feasible_pair_of_production_values_is_in_some_row() -> None:
    coverage = coverage_of(model(), rows())
    assert (coverage.missed, coverage.covered > 5000) == ((), True)


def test_severe_rules_hold_in_every_row() -> None:
    severe = {rule.id for rule in policies().rules if rule.severity.is_gate}
    observations = [o for judgement in judgements() for o in judgement.observations if o.rule in severe]
    assert [o for o in observations if not o.holds] == []
    assert len({o.rule for o in observations}) > 25
