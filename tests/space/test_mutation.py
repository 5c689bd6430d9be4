"""Every rule is worth something: mistakes made in passing renderings are seen by the rules that should see them."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from compliance import cli
from compliance.model import Proof
from compliance.mutation import operators, proof
from compliance.mutation.proof import Score
from compliance.pipeline import kubernetes_versions
from tests.place import ROOT
from tests.project import chart, frameworks, policies


@cache
def score() -> Score:
    return proof.mutate(chart(), policies(), frameworks(), operators.discover(), kubernetes_versions(), lambda *_: None)


def test_mistakes_are_seen_by_the_rules_that_should_see_them() -> None:
    assert len(score().mutants) > 800
    assert [(s.operator, s.place) for s in score().survivors] == []


def test_each_rule_aimed_at_falls_not_only_one_of_several() -> None:
    assert [(m.operator, m.place) for m in score().mutants if not set(m.aimed) <= set(m.fell)] == []


def test_every_rule_was_seen_to_hold_and_to_fall() -> None:
    assert {p.rule: p.proof for p in score().proofs if p.proof is not Proof.PROVEN} == {}
    assert len(score().proofs) > 50


def test_every_operator_found_a_place() -> None:
    assert [operator.name for operator in score().idle] == []


def test_every_gate_holds() -> None:
    assert [(gate.name, gate.detail) for gate in proof.gates_of(score(), 95) if not gate.holds] == []


def test_every_bad_example_trips_its_rule() -> None:
    counted = {p.rule: (p.examples_fallen, p.examples) for p in score().proofs if p.rule != "kubernetes.schema"}
    assert {rule: counts for rule, counts in counted.items() if counts[0] != counts[1] or not counts[1]} == {}


def test_mistakes_are_ones_that_kubernetes_would_take() -> None:
    """A manifest that the API server refuses proves little; only operators that say so make one."""
    wrong = {
        (mutant.operator, mutant.place)
        for mutant in score().mutants
        if "kubernetes.schema" in mutant.fell and "kubernetes.schema" not in mutant.aimed
    }
    assert wrong == set()


@pytest.mark.parametrize("operator", operators.discover(), ids=lambda operator: operator.name)
def test_an_operator_names_rules_that_exist(operator: operators.Operator) -> None:
    assert set(operator.rules) - {p.rule for p in score().proofs} == set()


def test_the_command_on_a_chart_with_one_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody's copy of the chart, without RDS: what could not be tried there is said by name, and is no proof."""
    shutil.copytree(ROOT / "spicedb", tmp_path / "chart")
    for example in (tmp_path / "chart/examples").iterdir():
        if example.name != "production-postgres.yaml":
            example.unlink()
    out = tmp_path / "made/mutation.json"
    assert cli.main(["mutate", "--chart", str(tmp_path / "chart"), "--policies", "policies", "--out", str(out)]) == 1
    printed = capsys.readouterr().out
    assert "forget-region" in next(line for line in printed.splitlines() if "operators found no place" in line)
    assert "FELL  every rule that was exercised is proven: identity.rds_iam is only by its examples" in printed
    assert json.loads(out.read_text())["manifests"]["score"] == 100
    inputs = ["--chart", str(tmp_path / "chart"), "--mutation", str(out)]
    assert cli.main(["rules", *inputs]) == 0
    assert "workload.limits" in capsys.readouterr().out
    assert cli.main(["rules", "--mutation", str(out)]) == 2
    assert "is about another chart" in capsys.readouterr().err
