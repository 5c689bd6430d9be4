"""The rules' own unit tests, in the engine that `make compliance` uses; `make judges` runs them under `opa test`."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
import regorus

from tests.project import policies

PACKAGE = re.compile(r"^package\s+(\S+)", re.MULTILINE)
TEST = re.compile(r"^(test_\w+)", re.MULTILINE)


@cache
def _engine() -> regorus.Engine:
    engine = regorus.Engine()
    for name, text in policies().modules.items():
        engine.add_policy(name, text)
    engine.add_data_json(json.dumps(policies().data))
    return engine


@pytest.mark.parametrize("file", sorted(policies().tests))
def test_a_rule_s_tests_pass(file: str) -> None:
    text = policies().tests[file]
    package = PACKAGE.search(text)
    names = sorted(set(TEST.findall(text)))
    assert package is not None
    assert names
    results = {name: _engine().eval_rule_as_json(f"data.{package[1]}.{name}") for name in names}
    assert {name: result for name, result in results.items() if result != "true"} == {}
