from __future__ import annotations

import pytest

from compliance.agreement import Agreement
from compliance.engines.checkov import Check, Difference
from compliance.model import Disagreement, Observation, Verdict
from tests.rules import render_tiny

SUBJECT = "v1/ConfigMap//web"


def _compare(check: Check, ours: bool | None, theirs: bool) -> tuple[Disagreement, ...]:
    agreement, rendering = Agreement([check]), render_tiny()
    of_rules = [] if ours is None else [Observation("a.one", SUBJECT, "data.tls", None, None, ours, "")]
    agreement.add(rendering, of_rules, [Observation("checkov.CKV_1", SUBJECT, "", None, None, theirs, "")])
    return agreement.disagreements()


def _check(asks_less: bool = False, theirs: str = "", ours: str = "", path: str = "") -> Check:
    known = [Difference(side, "both", cause, path, ()) for side, cause in (("theirs", theirs), ("ours", ours)) if cause]
    return Check("CKV_1", "a.one", "", asks_less, tuple(known))


@pytest.mark.parametrize(("ours", "theirs"), [(True, True), (False, False), (None, True)])
def test_agreement_is_no_disagreement(ours: bool | None, theirs: bool) -> None:
    assert _compare(_check(), ours, theirs) == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "verdicts"),
    [
        (True, False, (Verdict.HOLDS, Verdict.FAILS)),
        (False, True, (Verdict.FAILS, Verdict.HOLDS)),
        (None, False, (Verdict.NOT_EXERCISED, Verdict.FAILS)),
    ],
)
def test_a_difference_is_counted_and_unexplained(
    ours: bool | None, theirs: bool, verdicts: tuple[Verdict, Verdict]
) -> None:
    (found,) = _compare(_check(), ours, theirs)
    assert (found.ours, found.theirs) == verdicts
    assert (found.count, found.kind, found.reason) == (1, "ConfigMap", "")


def test_a_known_difference_comes_with_its_reason() -> None:
    assert [d.reason for d in _compare(_check(theirs="known"), True, False)] == ["known"]
    assert [d.reason for d in _compare(_check(ours="known"), False, True)] == ["known"]
    assert [d.reason for d in _compare(_check(theirs="known"), False, True)] == [""]
    assert [d.right for d in _compare(_check(theirs="known"), True, False)] == ["both"]


def test_a_reason_explains_no_other_place() -> None:
    assert [d.reason for d in _compare(_check(ours="known", path="^data"), False, True)] == ["known"]
    assert [d.reason for d in _compare(_check(ours="known", path="^spec"), False, True)] == [""]


def test_a_check_that_asks_less_differs_only_by_its_failures() -> None:
    assert _compare(_check(asks_less=True), False, True) == ()
    assert len(_compare(_check(asks_less=True), True, False)) == 1


def test_a_check_that_no_rule_asks_shows_its_failures_with_the_reason() -> None:
    check = Check("CKV_1", "", "we see it otherwise", False, ())
    assert [(d.rule, d.reason) for d in _compare(check, None, False)] == [("", "we see it otherwise")]
    assert _compare(check, None, True) == ()
