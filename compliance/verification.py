"""Re-performing what an evidence.json claims: the same Cases rendered and judged again, and every verdict compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.agreement import Agreement
from compliance.chart import Chart
from compliance.controls import standing_of
from compliance.engines.rego import RegoEngine
from compliance.errors import InputError
from compliance.formats.evidence_v1 import LETTERS, SCHEMA
from compliance.locate import Locator
from compliance.model import Case, CaseRecord, Framework, Observation, Origin, OriginKind, Rendering
from compliance.pipeline import Progress, engines_for, judge_all
from compliance.policies import Policies
from compliance.render.sdk import SdkRenderer
from compliance.space.cases import Space
from compliance.tally import Tally


@dataclass(frozen=True)
class Result:
    """What was found, in words, and whether all of it is as claimed."""

    text: str
    agrees: bool


def read_evidence(text: str, name: str) -> Mapping[str, Any]:
    """A parsed evidence.json. Raises InputError if it is none."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise InputError(f"{name}: not an evidence file of this version ({SCHEMA})")
    return document


def verify(
    evidence: Mapping[str, Any],
    chart: Chart,
    policies: Policies,
    frameworks: Sequence[Framework],
    control: str,
    case: str,
    rule: str,
    progress: Progress,
) -> Result:
    """Compares the claims with what the inputs give now. Raises InputError for a control, case or rule not there."""
    lines = list(_changed_inputs(evidence, chart, policies))
    wanted = [entry for entry in evidence["cases"] if entry["id"].startswith(case)]
    if not wanted:
        raise InputError(f"--case {case}: the evidence has no such case")
    engines = engines_for(policies)
    rules = tuple(r for engine in engines for r in engine.rules)
    if rule and rule not in {r.id for r in rules}:
        raise InputError(f"--rule {rule}: there is no such rule")
    claims = _claims(evidence, frameworks, control)
    tally = Tally(rules, [engine.name for engine in engines], Locator(chart).template_line)
    cases = tuple(_case(entry) for entry in wanted)
    judge_all(chart, Space(cases, 0, {}, (), ()), SdkRenderer(chart), engines, tally, Agreement(()), progress)

    ids = [r.id for r in rules]
    pairs = zip(wanted, tally.records, strict=True)
    differing = [line for entry, record in pairs for line in _differences(entry, record, evidence, ids)]
    lines += differing[:20]
    if not case:
        for framework, claim in claims:
            lines += _compare_control(framework, claim, tally)
    if evidence.get("tests"):
        lines.append(
            f"{len(evidence['tests'])} scenarios on a cluster are not re-performed here: make cluster-test does"
        )
    if rule:
        lines += _observations(cases, chart, policies, rule)
    differs = any(line.startswith("DIFFERS") for line in lines)
    lines.append(
        f"{len(cases)} cases rendered and judged again: "
        + (f"{len(differing)} differ from the claim" if differing else "each verdict is as claimed")
    )
    return Result("\n".join(lines), not differs)


def _changed_inputs(evidence: Mapping[str, Any], chart: Chart, policies: Policies) -> Iterator[str]:
    claimed = {"chart": evidence["run"]["chart"]["digest"], "policies": evidence["run"]["policies"]["digest"]}
    for name, digest in (("chart", chart.digest), ("policies", policies.digest)):
        if digest != claimed[name]:
            yield f"DIFFERS the {name}: digest {digest[:16]}, the evidence was made with {claimed[name][:16]}"


def _claims(evidence: Mapping[str, Any], frameworks: Sequence[Framework], control: str) -> list[tuple[Framework, Any]]:
    by_id = {framework.id: framework for framework in frameworks}
    claims = [
        (by_id[claim["framework"]], claim)
        for claim in evidence["controls"]
        if claim["framework"] in by_id and (not control or f"{claim['framework']}:{claim['id']}" == control)
    ]
    if not claims:
        raise InputError(f"--control {control}: the evidence has no such control; write it as soc2:CC6.6")
    return claims


def _case(entry: Mapping[str, Any]) -> Case:
    origin = Origin(OriginKind(entry["origin"]["kind"]), entry["origin"]["detail"])
    return Case(entry["values"], entry["kubernetes"], entry["profile"], origin)


def _differences(
    entry: Mapping[str, Any], record: CaseRecord, evidence: Mapping[str, Any], rules: Sequence[str]
) -> Iterator[str]:
    if entry["outcome"] != record.outcome or entry["rendering"] != record.rendering:
        claimed_outcome = f"{entry['outcome']} {entry['rendering'][:16]}"
        yield f"DIFFERS case {entry['id']}: {record.outcome} {record.rendering[:16]}, claimed {claimed_outcome}"
    claimed = dict(zip((r["id"] for r in evidence["rules"]), entry["verdicts"], strict=False))
    found = dict(zip(rules, (LETTERS[verdict] for verdict in record.verdicts), strict=False))
    for id_ in sorted(claimed.keys() | found.keys()):
        if claimed.get(id_) != found.get(id_):
            yield f"DIFFERS case {entry['id']}: {id_} is {found.get(id_)}, claimed {claimed.get(id_)}"


def _compare_control(framework: Framework, claim: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    control = next((c for c in framework.controls if c.id == claim["id"]), None)
    if control is None:
        yield f"DIFFERS {framework.id}:{claim['id']} is no longer in the framework"
        return
    for claimed in claim["profiles"]:
        records = [r for r in tally.records if r.outcome == "rendered" and r.case.profile == claimed["profile"]]
        found = standing_of(control, tally.rules, records)
        counts = claimed["configurations"]
        same = (found.status.value, found.supporting, found.contradicting, found.not_exercised) == (
            claimed["status"],
            counts["supporting"],
            counts["contradicting"],
            counts["not_exercised"],
        )
        yield (
            f"{'as claimed' if same else 'DIFFERS'} {framework.id}:{control.id} under {claimed['profile']}: "
            f"{found.status}, supporting {found.supporting}, contradicting {found.contradicting}, "
            f"not exercised {found.not_exercised}"
        )


def _observations(cases: Sequence[Case], chart: Chart, policies: Policies, rule: str) -> Iterator[str]:
    renderer, engine = SdkRenderer(chart), RegoEngine(policies)
    for case in cases[:5]:
        outcome = renderer.render(case)
        if isinstance(outcome, Rendering):
            for observation in engine.judge(outcome).observations:
                if observation.rule == rule:
                    yield f"case {case.id}: {_sentence(observation)}"


def _sentence(o: Observation) -> str:
    verdict = "holds" if o.holds else "FAILS"
    return f"{verdict} {o.subject} {o.path} = {json.dumps(o.value)} (expected {json.dumps(o.expected)}): {o.message}"
