"""A rule is complete when its examples show what it catches and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compliance.engines.rego import RegoEngine
from compliance.mutation.operators import discover
from compliance.pipeline import rules_of
from compliance.policies import Example
from tests.examples import base, examples, materialised, remedied
from tests.project import policies

ENGINE = RegoEngine(policies())


def _found(objects: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return ENGINE.evaluate(json.dumps({"resources": objects, "parameters": {}}))


def _failing(objects: list[dict[str, Any]]) -> set[str]:
    return {rule for rule, observations in _found(objects).items() if any(not o["holds"] for o in observations)}


def test_there_are_at_least_twenty_rules() -> None:
    assert len(policies().rules) >= 20


def test_the_base_trips_no_rule() -> None:
    assert _failing(list(base())) == set()


def test_every_rule_is_exercised_by_the_base_or_by_a_good_example_of_its_own() -> None:
    """What only some renderings have, a Gateway's routes say, is in examples alone."""
    holding = {rule for rule, observations in _found(list(base())).items() if observations}
    holding |= {e.rule for e in examples() if e.rule not in holding and not e.bad and _found(materialised(e))[e.rule]}
    assert [rule.id for rule in policies().rules if rule.id not in holding] == []


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.rule}: {e.name}")
def test_a_bad_example_trips_exactly_its_rule_and_a_good_one_none(example: Example) -> None:
    assert _failing(materialised(example)) == ({example.rule, *example.also} if example.bad else set())


@pytest.mark.parametrize("example", [e for e in examples() if e.bad], ids=lambda e: f"{e.rule}: {e.name}")
def test_the_remedy_of_a_bad_example_leaves_no_rule_tripped(example: Example) -> None:
    assert _failing(remedied(example)) == set()


def test_only_levels_of_pod_security_overlap() -> None:
    speaking = {rule.id for rule in policies().rules if rule.pod_security}
    overlapping = {id_ for example in examples() if example.also for id_ in (example.rule, *example.also)}
    assert overlapping <= speaking


def test_every_rule_has_tests_of_its_own() -> None:
    tested = {name.removesuffix("_test.rego") for name in policies().tests}
    assert [rule.id for rule in policies().rules if rule.source.removesuffix(".rego") not in tested] == []


def test_every_rule_has_a_mistake_that_it_is_there_to_catch() -> None:
    aimed_at = {rule for operator in discover() for rule in operator.rules}
    assert [rule.id for rule in rules_of(policies()) if rule.id not in aimed_at] == [], (
        "write an operator in compliance/mutation/operators/ that makes the mistake which this rule is there to catch, "
        "and name the rule in its `rules`; `make mutation` shows whether it falls"
    )
    assert aimed_at - {rule.id for rule in rules_of(policies())} == set(), "an operator names a rule that is not there"
