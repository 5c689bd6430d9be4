from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from compliance import ledger
from compliance.engines import Judgement
from compliance.errors import IncompleteRunError
from compliance.model import (
    Case,
    Observation,
    Origin,
    OriginKind,
    Reason,
    ReasonKind,
    Refusal,
    Rule,
    RuleTally,
    Severity,
    Verdict,
)
from compliance.tally import Tally
from tests.rules import render_tiny

SUBJECT = "v1/ConfigMap//web"


def _rule(id_: str) -> Rule:
    return Rule(id_, "t", "d", Severity.HIGH, (), "r", (), "s", "0")


def _see(rule: str, value: str, holds: bool) -> Observation:
    return Observation(rule, SUBJECT, "data.tls", value, "true", holds, f"tls is {value}")


def _tally() -> Tally:
    return Tally([_rule("a.one"), _rule("a.two")], ["rego"], lambda _, o: f"map.yaml:{o.rule}")


def _judged(*observations: Observation) -> dict[str, Judgement]:
    return {"rego": Judgement(observations, 1, 0)}


def test_equal_observations_are_counted_and_the_first_case_is_kept() -> None:
    tally, first, second = _tally(), render_tiny(), render_tiny(replicas=2)
    tally.add(first, _judged(_see("a.one", "false", False)))
    tally.add(second, _judged(_see("a.one", "false", False)))
    (group,) = tally.groups()
    assert (group.count, group.subjects, group.case, group.location) == (2, 1, first.case.id, "map.yaml:a.one")


def test_a_rule_without_an_observation_was_not_exercised() -> None:
    tally = _tally()
    tally.add(render_tiny(), _judged(_see("a.one", "true", True)))
    assert tally.records[0].verdicts == (Verdict.HOLDS, Verdict.NOT_EXERCISED)
    assert tally.tallies() == (
        RuleTally("a.one", "development", 1, 1, 0, 1, 0, 0),
        RuleTally("a.two", "development", 0, 0, 0, 0, 0, 1),
    )


def test_one_failure_among_passes_is_a_failure() -> None:
    tally = _tally()
    tally.add(render_tiny(), _judged(_see("a.one", "true", True), _see("a.one", "false", False)))
    assert tally.records[0].verdicts[0] is Verdict.FAILS


def test_a_document_that_was_not_read_ends_the_run() -> None:
    lost = dataclasses.replace(render_tiny(), documents=2)
    with pytest.raises(IncompleteRunError, match="Helm printed 2 documents, 1 objects were read"):
        _tally().add(lost, _judged(_see("a.one", "true", True)))


def test_an_engine_that_did_not_judge_ends_the_run() -> None:
    with pytest.raises(IncompleteRunError, match=r"judged by \[\] only"):
        _tally().add(render_tiny(), {})


def _finished() -> Tally:
    tally = _tally()
    tally.add(render_tiny(), _judged(_see("a.one", "true", True)))
    case = Case({"x": 1}, "1.37", "development", Origin(OriginKind.BROKEN, ""))
    tally.add_unrendered(Refusal(case, (Reason(ReasonKind.SCHEMA, "", "m"),)))
    return tally


def test_the_ledger_adds_up() -> None:
    tally = _finished()
    totals = tally.totals(0)
    assert (totals.generated, totals.refused, totals.rendered, totals.failed, totals.evaluated) == (2, 1, 1, 0, 1)
    ledger.check(2, totals, tally.records, tally.rules)
    ledger.check_tallies(tally.tallies(), tally.records, tally.rules)


@pytest.mark.parametrize(
    ("cases", "change", "message"),
    [
        (3, {}, "generated 2, but the space has 3 cases"),
        (2, {"refused": 0}, "generated 2 is not refused 0 [+] rendered 1 [+] failed 0"),
        (2, {"objects": 9}, "rego looked at 1 and left out 0 of 9 objects"),
        (2, {"rendered": 2, "refused": 0}, "rego evaluated 1 of 2 renderings"),
    ],
)
def test_a_sum_that_is_wrong_ends_the_run(cases: int, change: dict[str, Any], message: str) -> None:
    tally = _finished()
    with pytest.raises(IncompleteRunError, match=message):
        ledger.check(cases, dataclasses.replace(tally.totals(0), **change), tally.records, tally.rules)


def test_a_hole_in_rule_by_case_ends_the_run() -> None:
    tally = _finished()
    holed = [dataclasses.replace(tally.records[0], verdicts=(Verdict.HOLDS,)), tally.records[1]]
    with pytest.raises(IncompleteRunError, match="has 1 verdicts for 2 rules"):
        ledger.check(2, tally.totals(0), holed, tally.rules)
    short = [dataclasses.replace(t, cases_holding=0) for t in tally.tallies()]
    with pytest.raises(IncompleteRunError, match="a.one has 0 of 1 verdicts"):
        ledger.check_tallies(short, tally.records, tally.rules)


def test_a_rendering_in_which_nothing_holds_ends_the_run() -> None:
    tally = _tally()
    tally.add(render_tiny(), _judged(_see("a.one", "false", False)))
    with pytest.raises(IncompleteRunError, match="no rule found anything that holds"):
        ledger.check(1, tally.totals(0), tally.records, tally.rules)
