"""A gate falls when what it stands for is not so."""

from __future__ import annotations

from compliance import pipeline
from compliance.model import Gate
from tests.project import NEWEST, request, tiny_chart

GUARD = """{{ if and (eq (int .Values.replicas) 2) .Values.tls }}
{{ fail "refused by 1 constraint:\\n\\n  [two-need-no-tls] replicas is 2." }}
{{ end }}"""


def _pairs(**templates: str) -> Gate:
    chart = tiny_chart(**templates)
    run = pipeline.run(request(chart=chart, profiles=chart.profiles, kubernetes=(NEWEST,)), lambda *_: None)
    return next(gate for gate in run.gates if gate.name == "every feasible pair of levels is covered")


def test_pairs_are_covered_when_every_row_is_rendered() -> None:
    assert _pairs().holds


def test_pairs_are_not_covered_by_rows_that_a_template_refuses() -> None:
    gate = _pairs(templates__guard_yaml=GUARD)
    assert not gate.holds
    assert gate.detail.endswith("of these rows are refused by a template, so that their pairs were not seen")
