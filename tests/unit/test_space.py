from __future__ import annotations

from itertools import combinations

import pytest

from compliance.errors import IncompleteRunError, InputError
from compliance.model import OriginKind
from compliance.space.cases import one_file, whole_space
from compliance.space.covering import coverage_of, covering_rows
from compliance.space.draws import drawn_levels
from compliance.space.factors import factors_of, flags_between, leaves_of, values_of
from compliance.space.solver import Model, nogoods_of
from tests.project import chart, tiny_chart

KUBERNETES = ("1.36", "1.37")


def _model(profile: str = "development") -> Model:
    tiny = tiny_chart()
    factors = factors_of(tiny, KUBERNETES)
    nogoods = tuple(nogood for c in tiny.constraints for nogood in nogoods_of(tiny, profile, factors, c))
    return Model(tiny, profile, factors, nogoods)


def test_a_leaf_has_its_default_first_and_its_levels_once() -> None:
    assert {leaf.path: leaf.levels for leaf in leaves_of(tiny_chart())} == {
        "name": ("web",),
        "notes": ({}, {"a.b": "c"}),
        "profile": ("development", "production"),
        "replicas": (1, 2, 3),
        "tls": (False, True),
    }


def test_factors_are_the_varied_leaves_and_the_kubernetes_version() -> None:
    assert [factor.key for factor in factors_of(tiny_chart(), KUBERNETES)] == ["notes", "replicas", "tls", "kubernetes"]


def test_values_hold_only_what_differs_from_the_defaults() -> None:
    levels = {"replicas": 2, "tls": False, "kubernetes": "1.37"}
    assert values_of(tiny_chart(), "production", levels) == ({"profile": "production", "replicas": 2}, "1.37")


def test_a_reference_that_points_at_nothing_is_named() -> None:
    broken = tiny_chart(values_schema_json='{"properties": {"name": {"$ref": "#/definitions/none"}}}')
    with pytest.raises(InputError, match=r"name: the \$ref '#/definitions/none' points at nothing"):
        leaves_of(broken)


def test_constraints_become_nogoods_of_the_factors_that_they_speak_of() -> None:
    assert _model("development").nogoods == ({1: frozenset({2}), 2: frozenset({0})},)
    assert _model("production").nogoods == ({2: frozenset({0})}, {1: frozenset({2}), 2: frozenset({0})})


def test_a_constraint_about_no_key_is_named() -> None:
    entry = "{id: a, require: {tsl: {set: true}}, message: m, docs: d}"
    tiny = tiny_chart(constraints_yaml=f"constraints: [{entry}]")
    with pytest.raises(InputError, match="a: the schema has no key 'tsl'"):
        nogoods_of(tiny, "development", factors_of(tiny, KUBERNETES), tiny.constraints[0])


def test_the_solver_completes_what_can_be_completed() -> None:
    model = _model("development")
    assert model.complete({1: 2}) == {0: 0, 1: 2, 2: 1, 3: 0}
    assert model.complete({1: 2, 2: 0}) is None
    assert _model("production").domains == ((0, 1), (0, 1, 2), (1,), (0, 1))


def test_rows_cover_every_feasible_pair_by_brute_force() -> None:
    model = _model("development")
    rows = covering_rows(model)
    pairs = {pair for row in rows for pair in combinations(enumerate(row), 2)}
    levels = [(n, level) for n, factor in enumerate(model.factors) for level in range(len(factor.levels))]
    feasible = {pair for pair in combinations(levels, 2) if pair[0][0] != pair[1][0] and model.allows(dict(pair))}
    assert pairs == feasible
    assert len(rows) < 2 * 3 * 2 * 2


def test_coverage_names_what_was_missed() -> None:
    model = _model("development")
    rows = covering_rows(model)
    counted = coverage_of(model, rows[1:])
    assert (counted.total, counted.infeasible) == (coverage_of(model, rows).total, 1)
    assert counted.covered == counted.total - len(counted.missed)
    assert counted.missed


def test_constraints_that_contradict_each_other_end_the_run() -> None:
    entries = "{id: a, require: {tls: {equals: true}}, message: m, docs: d}, "
    entries += "{id: b, require: {tls: {equals: false}}, message: m, docs: d}"
    tiny = tiny_chart(constraints_yaml=f"constraints: [{entries}]")
    with pytest.raises(IncompleteRunError, match="the constraints contradict each other"):
        whole_space(tiny, ["development"], KUBERNETES, 0, 1)


def test_the_whole_space_of_a_small_chart() -> None:
    space = whole_space(tiny_chart(), ["development", "production"], KUBERNETES, 5, 1)
    assert [(c.profile, c.covered, c.total) for c in space.coverage] == [
        ("development", 29, 29),
        ("production", 23, 23),
    ]
    assert space.probes.keys() == {"production-needs-tls", "many-need-tls"}
    kinds = {case.origin.kind for case in space.cases}
    assert kinds == {OriginKind.DEFAULT, OriginKind.COVERING, OriginKind.BROKEN, OriginKind.DRAWN}
    assert len({case.id for case in space.cases}) == len(space.cases)
    assert [(f.key, f.not_varied != "") for f in space.factors if f.not_varied] == [("name", True)]


def test_the_same_seed_gives_the_same_cases() -> None:
    first, second = (whole_space(tiny_chart(), ["development"], KUBERNETES, 20, 7) for _ in range(2))
    assert [case.id for case in first.cases] == [case.id for case in second.cases]


def test_draws_stay_within_the_schema_and_leave_the_named_levels() -> None:
    model = _model("development")
    drawn = drawn_levels(model, leaves_of(tiny_chart()), covering_rows(model), 60, 1)
    replicas = {levels["replicas"] for levels in drawn}
    assert replicas <= set(range(1, 10))
    assert not replicas <= {1, 2, 3}


def test_a_neighbour_that_the_chart_refuses_comes_with_the_nearest_that_it_accepts() -> None:
    examples = {"examples/prod.yaml": "profile: production\ntls: true\nreplicas: 3\n"}
    tiny = tiny_chart(**{name.replace("/", "__").replace(".yaml", "_yaml"): text for name, text in examples.items()})
    space = whole_space(tiny, ["development"], KUBERNETES, 0, 1)
    plaintext = [case for case in space.cases if case.origin.key == "tls"]
    assert [(case.values["replicas"], case.origin.with_it) for case in plaintext] == [(3, ()), (1, ("replicas",))]


def test_one_file_is_looked_at_for_every_kubernetes_version() -> None:
    space = one_file(tiny_chart(), {"profile": "production"}, "prod.yaml", KUBERNETES)
    assert [(c.values, c.kubernetes, c.profile) for c in space.cases] == [
        ({"profile": "production"}, "1.37", "production"),
        ({"profile": "production"}, "1.36", "production"),
    ]


def test_flags_turn_one_values_file_into_another() -> None:
    flags = flags_between(tiny_chart(), {"replicas": 3, "notes": {"a.b": "x"}}, {"replicas": 2, "notes": {"a.b": "c"}})
    assert flags == ("""--set-json 'notes={"a.b":"c"}'""", "--set-json 'replicas=2'")


def test_every_key_of_the_real_chart_is_varied_or_says_why_not() -> None:
    not_varied = {leaf.path: leaf.node["description"] for leaf in leaves_of(chart()) if not leaf.is_varied}
    assert [path for path, description in not_varied.items() if "not varied" not in description.lower()] == []
