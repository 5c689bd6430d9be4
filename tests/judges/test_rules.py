"""conftest and OPA, the engines that everybody has, say of every row what the in-process engine says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compliance.engines.rego import RegoEngine, aggregate
from tests.examples import examples, materialised, remedied
from tests.judges.pods import drawn
from tests.judges.programs import POLICIES, as_input, renderings, run, template_arguments
from tests.place import ROOT
from tests.project import policies

DATA = sorted(POLICIES.glob("*.yaml"))
ALL_RULES = ("--policy", str(POLICIES), "--all-namespaces")


def _conftest(*arguments: str | Path, stdin: str = "") -> list[dict[str, Any]]:
    data = [option for file in DATA for option in ("--data", str(file))]
    done = run("conftest", "test", *data, "--output", "json", *arguments, stdin=stdin)
    assert done.returncode in (0, 1), done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def _failing(results: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (result["namespace"], finding["metadata"]["subject"], finding["metadata"]["path"])
        for result in results
        for finding in (*result.get("failures", ()), *result.get("warnings", ()))
    }


def _judged_by_conftest(folder: Path, names: Sequence[str], *options: str) -> dict[str, set[tuple[str, str, str]]]:
    """What conftest fails in each document."""
    files = {name: folder / f"{name}.json" for name in names}
    for name, file in files.items():
        file.write_text(json.dumps(documents()[name]))
    found: dict[str, list[dict[str, Any]]] = {}
    for result in _conftest(*options, "--combine=false", *files.values()):
        found.setdefault(result["filename"], []).append(result)
    return {name: _failing(found[str(file)]) for name, file in files.items()}


def _not_holding(results: Mapping[str, list[dict[str, Any]]]) -> set[tuple[str, str, str]]:
    return {
        (rule, observation["subject"], observation["path"])
        for rule, observations in results.items()
        for observation in observations
        if not observation["holds"]
    }


# Versions at which rules that ask for one differ, one that they do not know yet, and none.
KUBERNETES = ("1.25", "1.30", "1.34", "1.35", "1.37", "1.99", None)
DRAWN = 70


@cache
def documents() -> Mapping[str, dict[str, Any]]:
    """What the engines are compared on: the covering rows, every example and its remedy, and pods by version."""
    found = {f"row-{rendering.case.id}": as_input(rendering) for rendering in renderings()}
    for number, example in enumerate(examples()):
        found[f"example-{number}"] = {"resources": materialised(example), "parameters": {}}
        if example.remedy:
            found[f"remedied-{number}"] = {"resources": remedied(example), "parameters": {}}
    for number, pod in enumerate(drawn(DRAWN, 2)):
        version = KUBERNETES[number % len(KUBERNETES)]
        found[f"drawn-{number}"] = {"resources": [pod], "parameters": {"kubernetes_version": version}}
    return found


@cache
def ours() -> Mapping[str, dict[str, list[dict[str, Any]]]]:
    """What the in-process engine says of each."""
    engine = RegoEngine(policies())
    return {name: engine.evaluate(json.dumps(document)) for name, document in documents().items()}


def test_conftest_fails_what_does_not_hold_in_every_row(tmp_path: Path) -> None:
    rows = [name for name in documents() if name.startswith("row-")]
    theirs = _judged_by_conftest(tmp_path, rows, *ALL_RULES)
    assert theirs == {name: _not_holding(ours()[name]) for name in rows}


@pytest.mark.parametrize("rule", [rule.id for rule in policies().rules])
def test_conftest_fails_what_does_not_hold_in_a_rule_s_examples_and_remedies(tmp_path: Path, rule: str) -> None:
    of_rule = [number for number, example in enumerate(examples()) if example.rule == rule]
    kinds = ("example", "remedied")
    names = [name for number in of_rule for kind in kinds if (name := f"{kind}-{number}") in documents()]
    folders = (POLICIES / "lib", POLICIES / rule.replace(".", "/"))
    policies_given = [option for folder in folders for option in ("--policy", str(folder))]
    theirs = _judged_by_conftest(tmp_path, names, *policies_given, "--namespace", rule)
    assert theirs == {name: _not_holding({rule: ours()[name][rule]}) for name in names}


@pytest.mark.parametrize("example", sorted((ROOT / "spicedb/examples").glob("*.yaml")), ids=lambda path: path.name)
def test_helm_template_piped_into_conftest_says_the_same(example: Path) -> None:
    (rendering,) = (r for r in renderings() if r.case.origin.detail == f"examples/{example.name}")
    manifests = run("helm", *template_arguments([example])).stdout
    failing = _not_holding(ours()[f"row-{rendering.case.id}"])
    assert _failing(_conftest(*ALL_RULES, "--combine", "-", stdin=manifests)) == failing


def test_opa_makes_the_same_observations_of_every_row_every_example_and_every_remedy(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text(json.dumps({"rows": list(documents().values())}))
    (tmp_path / "aggregate.rego").write_text(aggregate([rule.id for rule in policies().rules]))
    query = "[found | some row in input.rows; found := data.compliance_observations.result with input as row]"
    data = [option for file in (POLICIES, tmp_path / "aggregate.rego") for option in ("--data", str(file))]
    done = run("opa", "eval", "--format", "raw", *data, "--input", tmp_path / "input.json", query)
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    assert dict(zip(documents(), theirs, strict=True)) == ours()


def test_the_rules_compile_strictly_and_are_formatted() -> None:
    assert run("opa", "check", "--strict", POLICIES).returncode == 0
    formatted = run("opa", "fmt", "--list", "--fail", POLICIES)
    assert (formatted.returncode, formatted.stdout) == (0, "")


def test_the_rules_own_tests_pass_and_cover_every_line() -> None:
    done = run("opa", "test", "--coverage", "--threshold", "100", POLICIES)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert json.loads(done.stdout)["coverage"] == 100
