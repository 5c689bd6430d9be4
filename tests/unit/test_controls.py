from __future__ import annotations

import pytest

from compliance.controls import check_mappings, read_framework, standing_of
from compliance.errors import InputError
from compliance.model import Case, CaseRecord, Origin, OriginKind, Rule, Severity, Status, Verdict
from tests.project import frameworks

H, F, N = Verdict.HOLDS, Verdict.FAILS, Verdict.NOT_EXERCISED

FRAMEWORK = """
id: tiny
title: Tiny
version: "1"
source: us
controls:
  - id: T1
    gist: Be good.
    rules:
      - {rule: a.one, relationship: subset-of, confidence: high, rationale: r}
      - {rule: a.two, relationship: intersects-with, confidence: medium, rationale: r}
      - {rule: a.low, relationship: intersects-with, confidence: low, rationale: r}
    limits: The rest.
    duties: {chart: a, organisation: b}
  - id: T2
    gist: Be related.
    rules: [{rule: a.low, relationship: subset-of, confidence: low, rationale: r}]
    limits: All.
    duties: {organisation: b}
without_rules:
  - {ids: [T3, T4], status: not evidenced here, owner: organisation, reason: People.}
"""

RULES = [Rule(id_, "t", "d", Severity.HIGH, (), "r", (), "s", "0") for id_ in ("a.one", "a.two", "a.low")]


def _standing(control: int, *verdicts: tuple[Verdict, Verdict, Verdict]) -> tuple[Status, int, int, int]:
    records = [
        CaseRecord(Case({"n": n}, "1.37", "p", Origin(OriginKind.DEFAULT, "")), "rendered", (), "", 1, v)
        for n, v in enumerate(verdicts)
    ]
    standing = standing_of(read_framework(FRAMEWORK, "tiny.yaml").controls[control], RULES, records)
    return standing.status, standing.supporting, standing.contradicting, standing.not_exercised


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([(H, H, N), (H, N, N)], (Status.SUPPORTED, 2, 0, 0)),
        ([(H, H, F)], (Status.SUPPORTED, 1, 0, 0)),
        ([(H, H, N), (F, H, N)], (Status.PARTLY, 1, 1, 0)),
        ([(H, N, N), (H, N, N)], (Status.PARTLY, 2, 0, 0)),
        ([(F, H, N), (H, F, N)], (Status.NOT_SUPPORTED, 0, 2, 0)),
        ([(N, N, H)], (Status.NOT_EXERCISED, 0, 0, 1)),
        ([], (Status.NOT_EXERCISED, 0, 0, 0)),
        ([(N, N, N), (H, H, H)], (Status.SUPPORTED, 1, 0, 1)),
    ],
)
def test_the_status_of_a_control(
    verdicts: list[tuple[Verdict, Verdict, Verdict]], expected: tuple[Status, int, int, int]
) -> None:
    assert _standing(0, *verdicts) == expected


def test_rules_of_low_confidence_are_never_counted() -> None:
    assert _standing(1, (H, H, H)) == (Status.NOT_EVIDENCED, 0, 0, 0)


def test_controls_without_rules_keep_their_status_and_reason() -> None:
    assert _standing(2, (H, H, H)) == (Status.NOT_EVIDENCED, 0, 0, 0)
    control = read_framework(FRAMEWORK, "tiny.yaml").controls[3]
    assert (control.id, control.limits, control.duties) == ("T4", "People.", {"organisation": "People."})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gist: Be good.", "", "tiny.yaml: T1: a control has duties, gist, id, limits, rules"),
        ("confidence: high", "confidence: sure", "a.one: relationship is one of subset-of"),
        ("duties: {chart: a,", "duties: {helm: a,", "duties belong to chart, values"),
        (
            "rules: [{rule: a.low, relationship: subset-of, confidence: low, rationale: r}]",
            "rules: []",
            "T2: has no rules",
        ),
        ("id: T2", "id: T1", "T1 stands there twice"),
        ("status: not evidenced here", "status: supported", "status is 'not evidenced here' or 'not applicable'"),
        ("version:", "edition:", "needs a version"),
        ("without_rules:", "others:", "needs a list under 'without_rules'"),
    ],
)
def test_a_framework_that_is_not_complete_is_bad_input(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_framework(FRAMEWORK.replace(old, new), "tiny.yaml")


def test_a_mapping_to_a_rule_that_does_not_exist_is_bad_input() -> None:
    with pytest.raises(InputError, match="tiny: T1 names the rule 'a.two', which does not exist"):
        check_mappings([read_framework(FRAMEWORK, "tiny.yaml")], [RULES[0], RULES[2]])


def test_a_rule_that_no_control_mentions_is_bad_input() -> None:
    orphan = Rule("a.orphan", "t", "d", Severity.LOW, (), "r", (), "s", "0")
    with pytest.raises(InputError, match="rules that no framework maps to a control: a.orphan"):
        check_mappings([read_framework(FRAMEWORK, "tiny.yaml")], [*RULES, orphan])


def test_the_frameworks_that_ship() -> None:
    assert [(f.id, f.title) for f in frameworks()] == [
        ("pci_dss_4_0_1", "PCI DSS"),
        ("soc2", "SOC 2 Trust Services Criteria"),
    ]
