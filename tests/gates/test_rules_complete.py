"""A rule is complete when it has tests, examples and a mistake to catch; tests/space tries all examples."""

from __future__ import annotations

import json
from typing import Any

from compliance.engines.rego import RegoEngine
from compliance.mutation.operators import discover
from compliance.pipeline import rules_of
from tests.examples import base, examples, materialised
from tests.project import policies

ENGINE = RegoEngine(policies())


def _found(objects: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return ENGINE.evaluate(json.dumps({"resources": objects, "parameters": {}}))


def test_there_are_at_least_sixty_rules() -> None:
    assert len(policies().rules) >= 60


def test_the_base_trips_no_rule() -> None:
    assert [o for observations in _found(list(base())).values() for o in observations if not o["holds"]] == []


def test_every_rule_is_exercised_by_the_base_or_by_a_good_example_of_its_own() -> None:
    """What only some renderings have, a Gateway's routes say, is in examples alone."""
    holding = {rule for rule, observations in _found(list(base())).items() if observations}
    holding |= {e.rule for e in examples() if e.rule not in holding and not e.bad and _found(materialised(e))[e.rule]}
    assert [rule.id for rule in policies().rules if rule.id not in holding] == []


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
