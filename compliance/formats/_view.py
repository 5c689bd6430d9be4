"""What the reports for people say, in words and rows, for Markdown and HTML alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2

from compliance.controls import OWNERS, counted_mappings
from compliance.formats import _proofs
from compliance.gates import PRODUCTION
from compliance.model import (
    Confidence,
    Control,
    Disagreement,
    Evidence,
    Framework,
    ObservationGroup,
    Rule,
    RuleTally,
    Run,
    ScenarioMapping,
    ScenarioOutcome,
    ScenarioResult,
    Status,
)
from compliance.scenarios import of_mapping

# Told apart by shape as well as by colour and text.
SYMBOLS = {
    Status.SUPPORTED: "●",
    Status.PARTLY: "◐",
    Status.NOT_SUPPORTED: "✕",
    Status.NOT_EXERCISED: "○",
    Status.NOT_EVIDENCED: "·",
    Status.NOT_APPLICABLE: "⊘",
}
SAMPLES = 3
SHOWN_GROUPS = 40

SCOPE = (
    "It shows the design of declared configurations: what Helm renders from values, at a point in time.",
    "It does not show operation over time, the organisation, or that a cluster enforces what is asked of it.",
    "“Supported”: each rule that speaks to what a manifest can show of a control found something and held.",
)


@dataclass(frozen=True)
class Row:
    """One control of the heat map: its standing under each profile, in the order of `Run.profiles`."""

    control: Control
    cells: tuple[Evidence, ...]

    @property
    def related_only(self) -> bool:
        return not counted_mappings(self.control)


def looked_at(run: Run) -> list[tuple[str, str]]:
    """What was looked at, as labels and texts."""
    inputs, totals = run.inputs, run.totals
    space = (
        f"exactly the values file {inputs.values_file} (SHA-256 {inputs.values_digest})"
        if inputs.values_file
        else f"{totals.rendered:,} configurations, from {totals.generated:,} sets of values over "
        f"{sum(not f.not_varied for f in run.factors)} keys, {totals.refused:,} of which the chart refuses"
    )
    return [
        ("Chart", f"{inputs.chart} {inputs.chart_version}, application {inputs.app_version}"),
        ("Chart SHA-256", inputs.chart_digest[:16] + "… (whole under “How much was looked at”)"),
        ("Looked at", space),
        ("Kubernetes", f"{inputs.kubernetes[0]} to {inputs.kubernetes[-1]}"),
        ("Run on a cluster", _scenarios(run)),
        ("Rules proven", _proofs.in_a_sentence(run)),
        ("Commit", f"{inputs.commit or 'not stated'}, {inputs.time or 'time not stated'}"),
        ("Signature", "UNSIGNED"),
    ]


def _scenarios(run: Run) -> str:
    if not run.tests:
        return "nothing: this run was given no outcomes of scenarios (compliance run --tests FILE)"
    results = Counter(outcome.result for outcome in run.tests.outcomes)
    versions = ", ".join(sorted({outcome.kubernetes for outcome in run.tests.outcomes if outcome.kubernetes}))
    counts = ", ".join(f"{results[result]} {result}" for result in ScenarioResult if results[result])
    return f"{len(run.tests.outcomes)} scenarios on Kubernetes {versions or '(none reached)'}: {counts}"


def tests_of(run: Run, control: Control) -> list[tuple[ScenarioMapping, list[ScenarioOutcome]]]:
    """The scenarios that speak to a control, each with what became of it; none means that it did not run."""
    return [(mapping, of_mapping(mapping, run.tests)) for mapping in control.tests]


def profiles(run: Run) -> list[str]:
    """The profiles in the order that a reader wants them: production first."""
    return sorted(run.profiles, key=lambda profile: (profile != PRODUCTION, profile))


def answers(run: Run) -> list[str]:
    """One sentence a profile and framework, in the status words."""
    return [_answer(run, framework, profile) for profile in profiles(run) for framework in run.frameworks]


def _answer(run: Run, framework: Framework, profile: str) -> str:
    counted = [row for row in rows(run, framework) if not row.related_only]
    of_profile = [next(e for e in row.cells if e.profile == profile) for row in counted]
    supported = [e for e in of_profile if e.status is Status.SUPPORTED]
    text = (
        f"{framework.title}, {profile}: {len(supported)} of the {len(of_profile)} controls that a chart can speak to "
        f"are supported wherever the {configurations(run, profile):,} configurations exercise them"
    )
    for status in Status:
        named = [e.control.id for e in of_profile if e.status is status is not Status.SUPPORTED]
        text += f"; {status}: {', '.join(named)}" if named else ""
    return text + "."


def rows(run: Run, framework: Framework) -> list[Row]:
    """The controls with rules, related-only ones last."""
    with_rules = [control for control in framework.controls if control.fixed_status is None]
    found = [Row(control, _cells(run, control)) for control in with_rules]
    return sorted(found, key=lambda row: row.related_only)


def _cells(run: Run, control: Control) -> tuple[Evidence, ...]:
    of_profile = {e.profile: e for e in run.evidence if e.control == control}
    return tuple(of_profile[profile] for profile in profiles(run))


def without_rules(framework: Framework) -> list[tuple[Control, list[str]]]:
    """Controls that no rule can speak to, those of one reason together."""
    reasons: dict[tuple[str, Status | None], tuple[Control, list[str]]] = {}
    for control in framework.controls:
        if control.fixed_status is not None:
            reasons.setdefault((control.limits, control.fixed_status), (control, []))[1].append(control.id)
    return list(reasons.values())


def configurations(run: Run, profile: str) -> int:
    return sum(record.outcome == "rendered" and record.case.profile == profile for record in run.cases)


def undecided(run: Run) -> list[Evidence]:
    """Controls that do not hold everywhere: what needs a decision, production first."""
    wanting = [e for e in run.evidence if e.status in (Status.PARTLY, Status.NOT_SUPPORTED, Status.NOT_EXERCISED)]
    return sorted(wanting, key=lambda e: (e.profile != PRODUCTION, e.profile, e.control.framework, e.control.id))


def tally(run: Run, rule: str, profile: str) -> RuleTally | None:
    return next((t for t in run.tallies if t.rule == rule and t.profile == profile), None)


def groups(run: Run, rule: str) -> list[ObservationGroup]:
    """A rule's observations, failures first, the most frequent first."""
    found = [g for g in run.groups if g.observation.rule == rule]
    return sorted(found, key=lambda g: (g.observation.holds, -g.count, g.profile, g.observation.path, g.case))


def samples(run: Run, control: Control, profile: str) -> list[ObservationGroup]:
    """Three observations of the rules that count, failures first, else of different rules, always the same ones."""
    rules = {mapping.rule for mapping in counted_mappings(control)}
    found = [g for g in run.groups if g.profile == profile and g.observation.rule in rules]
    failing = [g for g in found if not g.observation.holds]
    first_of_rule = list({g.observation.rule: g for g in reversed(found)}.values())
    return failing[:SAMPLES] or sorted(first_of_rule, key=lambda g: g.observation.rule)[:SAMPLES]


def reperform(control: Control) -> str:
    """The one command that re-performs a control from the inputs."""
    return f"compliance verify reports/evidence.json --control {control.framework}:{control.id}"


def reperform_output(evidence: Sequence[Evidence]) -> list[str]:
    """The lines that this command must print."""
    return [
        f"as claimed {e.control.framework}:{e.control.id} under {e.profile}: {e.status}, supporting {e.supporting}, "
        f"contradicting {e.contradicting}, not exercised {e.not_exercised}"
        for e in evidence
    ]


def show(value: Any) -> str:
    """A value as JSON, null as "(absent)", long ones cut."""
    if value is None:
        return "(absent)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "…"


def unexplained(run: Run) -> list[Disagreement]:
    return [d for d in run.disagreements if not d.reason]


def anchor(*parts: str) -> str:
    """An id that stays the same between runs."""
    return "-".join(part.replace(".", "-").replace("_", "-").lower() for part in parts)


def render(template: str, run: Run) -> bytes:
    """A template of this package, filled in from a Run."""
    rules: dict[str, Rule] = {rule.id: rule for rule in run.rules}
    filled = _template(template).render(run=run, rules=rules, profiles=profiles(run), **_HELPERS)
    return filled.encode()


@cache
def _template(name: str) -> jinja2.Template:
    folder = files("compliance.formats") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda file: (folder / file).read_text()),
        autoescape=name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"show": show, "number": lambda n: f"{n:,}", "cell": _cell}
    return environment.get_template(name)


_HELPERS: Mapping[str, Any] = {
    "looked_at": looked_at,
    "answers": answers,
    "rows": rows,
    "without_rules": without_rules,
    "undecided": undecided,
    "tally": tally,
    "tests_of": tests_of,
    "proof_of": _proofs.proof_of,
    "proof_sentence": _proofs.sentence,
    "resting": _proofs.resting,
    "groups": groups,
    "samples": samples,
    "reperform": reperform,
    "reperform_output": reperform_output,
    "anchor": anchor,
    "symbols": SYMBOLS,
    "scope": SCOPE,
    "owners": OWNERS,
    "statuses": list(Status),
    "shown_groups": SHOWN_GROUPS,
    "low": Confidence.LOW,
}


def _cell(text: str) -> str:
    """Text that can stand in a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ")
