"""The examples of a rule show what it catches, that nothing else does, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compliance.engines.rego import RegoEngine
from compliance.policies import Example
from tests.examples import examples, materialised, remedied
from tests.project import policies

ENGINE = RegoEngine(policies())


def _failing(objects: list[dict[str, Any]]) -> set[str]:
    found = ENGINE.evaluate(json.dumps({"resources": objects, "parameters": {}}))
    return {rule for rule, observations in found.items() if any(not o["holds"] for o in observations)}


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.rule}: {e.name}")
def test_a_bad_example_trips_exactly_its_rule_and_a_good_one_none(example: Example) -> None:
    assert _failing(materialised(example)) == ({example.rule, *example.also} if example.bad else set())


@pytest.mark.parametrize("example", [e for e in examples() if e.bad], ids=lambda e: f"{e.rule}: {e.name}")
def test_the_remedy_of_a_bad_example_leaves_no_rule_tripped(example: Example) -> None:
    assert _failing(remedied(example)) == set()
