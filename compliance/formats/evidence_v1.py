"""evidence.json, version 1: a type of its own, described by evidence_v1.schema.json, not a dump of the model.

Within version 1, fields are only added.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from compliance.model import (
    CaseRecord,
    DecidingKey,
    Evidence,
    MutationEvidence,
    Rule,
    RuleProof,
    RuleTally,
    Run,
    ScenarioOutcome,
    Verdict,
)
from compliance.scenarios import of_mapping

FILE = "evidence.json"
PER_FRAMEWORK = False
SCHEMA = "spicedb-compliance/evidence/v1"
NOT_MEASURED = "not measured"

# One letter a rule in `cases[].verdicts`, in the order of `rules`.
LETTERS = {Verdict.HOLDS: "h", Verdict.FAILS: "f", Verdict.NOT_EXERCISED: "-"}


def render(run: Run) -> bytes:
    """The evidence as indented JSON with sorted keys, one case a line."""
    document = json.dumps(evidence(run), sort_keys=True, indent=1, ensure_ascii=False)
    return (document + "\n").encode()


def evidence(run: Run) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "run": _run(run),
        "totals": _totals(run),
        "coverage": _coverage(run),
        "profiles": [_profile(run, profile) for profile in run.profiles],
        "gates": [{"name": g.name, "holds": g.holds, "detail": g.detail} for g in run.gates],
        "rules": [_rule(run, rule) for rule in run.rules],
        "checks": _checks(run),
        "controls": _controls(run),
        "observations": [_observation(run, number) for number in range(len(run.groups))],
        "disagreements": [_disagreement(run, number) for number in range(len(run.disagreements))],
        "waivers": [],
        "mutation": None if run.mutation is None else _mutation(run.mutation),
        "tests": None if run.tests is None else [_test(outcome) for outcome in run.tests.outcomes],
        "constraints": [
            {"id": c.id, "message": c.message, "docs": c.docs, "refused": c.refused, "probes": list(c.probes)}
            for c in run.constraints
        ],
        "values": [{"key": f.key, "levels": list(f.levels), "not_varied": f.not_varied} for f in run.factors],
        "cases": [_case(record) for record in run.cases],
    }


def _run(run: Run) -> dict[str, Any]:
    inputs = run.inputs
    return {
        "chart": {
            "name": inputs.chart,
            "version": inputs.chart_version,
            "app_version": inputs.app_version,
            "digest": inputs.chart_digest,
        },
        "policies": {"digest": inputs.policies_digest},
        "frameworks": {
            "digest": inputs.frameworks_digest,
            "included": [{"id": f.id, "title": f.title, "version": f.version} for f in run.frameworks],
        },
        "values_file": {"name": inputs.values_file, "digest": inputs.values_digest} if inputs.values_file else None,
        "kubernetes": list(inputs.kubernetes),
        "tools": dict(inputs.tools),
        "seed": inputs.seed,
        "draws": inputs.draws,
        "commit": inputs.commit,
        "time": inputs.time,
        "signature": "UNSIGNED",
    }


def _totals(run: Run) -> dict[str, Any]:
    t = run.totals
    return {
        "generated": t.generated,
        "refused": t.refused,
        "rendered": t.rendered,
        "failed": t.failed,
        "evaluated": t.evaluated,
        "objects": t.objects,
        "observations": t.observations,
        "duplicates": t.duplicates,
        "origins": dict(sorted(Counter(record.case.origin.kind.value for record in run.cases).items())),
        "engines": [
            {
                "engine": e.engine,
                "renderings": e.renderings,
                "objects": e.objects,
                "looked_at": e.looked_at,
                "out_of_scope": e.out_of_scope,
                "observations": e.observations,
            }
            for e in t.engines
        ],
    }


def _coverage(run: Run) -> dict[str, Any]:
    exercised = {tally.rule for tally in run.tallies if tally.subjects}
    return {
        "pairs": {
            "covered": sum(c.covered for c in run.coverage),
            "total": sum(c.total for c in run.coverage),
            "infeasible": sum(c.infeasible for c in run.coverage),
            "profiles": [
                {"profile": c.profile, "rows": c.rows, "covered": c.covered, "total": c.total} for c in run.coverage
            ],
        },
        "triples": {"covered": None, "total": None, "status": NOT_MEASURED},
        "template_branches": {"covered": None, "total": None, "unmeasured": None, "status": NOT_MEASURED},
        "rules_exercised": {"covered": sum(rule.id in exercised for rule in run.rules), "total": len(run.rules)},
    }


def _profile(run: Run, profile: str) -> dict[str, Any]:
    rendered = [r for r in run.cases if r.outcome == "rendered" and r.case.profile == profile]
    statuses = Counter(e.status.value for e in run.evidence if e.profile == profile)
    return {"name": profile, "configurations": len(rendered), "controls": dict(sorted(statuses.items()))}


def _rule(run: Run, rule: Rule) -> dict[str, Any]:
    tallies = [tally for tally in run.tallies if tally.rule == rule.id]
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "digest": rule.digest,
        "subjects": sum(t.subjects for t in tallies),
        "holds": sum(t.holds for t in tallies),
        "fails": sum(t.fails for t in tallies),
        "waived": 0,
        "not_exercised": sum(t.cases_not_exercised for t in tallies),
        "profiles": [_tally(tally) for tally in tallies],
        "proof": _proof(next(proof for proof in run.proofs if proof.rule == rule.id)),
    }


def _proof(p: RuleProof) -> dict[str, Any]:
    return {
        "state": p.proof.value,
        "held": p.held,
        "failed": p.failed,
        "mutants": p.mutants,
        "killed": p.killed,
        "elsewhere": p.elsewhere,
        "examples": p.examples,
        "examples_fallen": p.examples_fallen,
    }


def _mutation(m: MutationEvidence) -> dict[str, Any]:
    return {
        "digest": m.digest,
        "bases": m.bases,
        "operators": m.operators,
        "mutants": m.mutants,
        "killed": m.killed,
        "survivors": [
            {
                "operator": s.operator,
                "base": s.base,
                "place": s.place,
                "rules": list(s.rules),
                "fell": list(s.fell),
                "controls": list(s.controls),
            }
            for s in m.survivors
        ],
    }


def _tally(tally: RuleTally) -> dict[str, Any]:
    return {
        "profile": tally.profile,
        "subjects": tally.subjects,
        "holds": tally.holds,
        "fails": tally.fails,
        "configurations": {
            "holding": tally.cases_holding,
            "failing": tally.cases_failing,
            "not_exercised": tally.cases_not_exercised,
        },
    }


def _checks(run: Run) -> list[dict[str, Any]]:
    rules = {rule.id for rule in run.rules}
    return [
        {"check": t.rule, "profile": t.profile, "subjects": t.subjects, "holds": t.holds, "fails": t.fails}
        for t in run.tallies
        if t.rule not in rules
    ]


def _controls(run: Run) -> list[dict[str, Any]]:
    controls = []
    for framework in run.frameworks:
        for control in framework.controls:
            of_control = [e for e in run.evidence if e.control == control]
            controls.append(
                {
                    "framework": framework.id,
                    "id": control.id,
                    "gist": control.gist,
                    "limits": control.limits,
                    "duties": dict(control.duties),
                    "references": {key: list(ids) for key, ids in control.references.items()},
                    "rules": [
                        {
                            "rule": m.rule,
                            "relationship": m.relationship.value,
                            "confidence": m.confidence.value,
                            "rationale": m.rationale,
                        }
                        for m in control.mappings
                    ],
                    "tests": [
                        {"test": m.test, "rationale": m.rationale, "outcomes": [o.id for o in of_mapping(m, run.tests)]}
                        for m in control.tests
                    ],
                    "status": {e.profile: e.status.value for e in of_control},
                    "profiles": [_standing(e) for e in of_control],
                }
            )
    return controls


def _standing(e: Evidence) -> dict[str, Any]:
    return {
        "profile": e.profile,
        "status": e.status.value,
        "reason": e.reason,
        "configurations": {
            "supporting": e.supporting,
            "contradicting": e.contradicting,
            "not_exercised": e.not_exercised,
        },
        "keys": [_key(key) for key in e.keys],
        "counterexample": None
        if e.counterexample is None
        else {
            "case": e.counterexample.case,
            "file": e.counterexample.file,
            "flags": list(e.counterexample.flags),
            "rules": list(e.counterexample.rules),
        },
    }


def _key(key: DecidingKey) -> dict[str, Any]:
    return {
        "key": key.key,
        "level": key.level,
        "with": list(key.with_it),
        "base": key.base,
        "effect": key.effect.value,
        "rules": list(key.rules),
        "refused_by": list(key.refused_by),
        "location": key.location,
    }


def _observation(run: Run, number: int) -> dict[str, Any]:
    group = run.groups[number]
    o = group.observation
    return {
        "rule": o.rule,
        "profile": group.profile,
        "subject": o.subject,
        "path": o.path,
        "value": o.value,
        "expected": o.expected,
        "holds": o.holds,
        "message": o.message,
        "count": group.count,
        "subjects": group.subjects,
        "case": group.case,
        "location": group.location,
    }


def _disagreement(run: Run, number: int) -> dict[str, Any]:
    d = run.disagreements[number]
    return {
        "check": d.check,
        "rule": d.rule,
        "ours": d.ours.value,
        "theirs": d.theirs.value,
        "kind": d.kind,
        "count": d.count,
        "case": d.case,
        "subject": d.subject,
        "reason": d.reason,
        "right": d.right,
    }


def _test(o: ScenarioOutcome) -> dict[str, Any]:
    return {
        "method": "TEST",
        "id": o.id,
        "shows": o.shows,
        "result": o.result.value,
        "failure": o.failure,
        "counts": dict(o.counts),
        "objects": o.objects,
        "images": list(o.images),
        "kubernetes": o.kubernetes,
        "differences": list(o.differences),
        "digest": o.digest,
        "begun": o.begun,
        "times": dict(o.times),
    }


def _case(record: CaseRecord) -> dict[str, Any]:
    case, origin = record.case, record.case.origin
    return {
        "id": case.id,
        "profile": case.profile,
        "kubernetes": case.kubernetes,
        "values": dict(case.values),
        "origin": {
            "kind": origin.kind.value,
            "detail": origin.detail,
            "base": origin.base,
            "key": origin.key,
            "level": origin.level,
            "with": list(origin.with_it),
        },
        "outcome": record.outcome,
        "reasons": [{"kind": r.kind.value, "where": r.where, "message": r.message} for r in record.reasons],
        "rendering": record.rendering,
        "objects": record.objects,
        "verdicts": "".join(LETTERS[verdict] for verdict in record.verdicts),
    }
