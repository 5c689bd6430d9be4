"""mutation.json: what became of the mistakes, as a file, and read again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compliance.chart import Chart
from compliance.errors import InputError
from compliance.model import Gate, MutationEvidence, Proof, RuleProof, Survivor
from compliance.mutation.proof import Score
from compliance.policies import Policies
from compliance.values import digest

SCHEMA = "spicedb-compliance/mutation/v1"
_COUNTS = ("held", "failed", "mutants", "killed", "elsewhere", "examples", "examples_fallen")


def write(score: Score, gates: Sequence[Gate], chart: Chart, policies: Policies) -> bytes:
    """The file: the same bytes for the same chart and rules."""
    made, killed = Counter(m.operator for m in score.mutants), Counter(m.operator for m in score.mutants if m.is_killed)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "chart": {"name": chart.name, "version": chart.version, "digest": chart.digest},
        "policies": {"digest": policies.digest},
        "manifests": {
            "mutants": len(score.mutants),
            "killed": score.killed,
            "score": round(score.rate, 2),
            "bases": [
                {
                    "name": base.name,
                    "case": base.rendering.case.id,
                    "kubernetes": base.rendering.case.kubernetes,
                    "objects": len(base.rendering.objects),
                    "mutants": sum(mutant.base == base.name for mutant in score.mutants),
                    "failing": sorted(base.seen.failing),
                }
                for base in score.bases
            ],
            "operators": [
                {"name": o.name, "sentence": o.sentence, "rules": list(o.rules), "mutants": made[o.name]}
                | {"killed": killed[o.name]}
                for o in score.operators
            ],
            "survivors": [
                {"operator": s.operator, "base": s.base, "place": s.place, "rules": list(s.rules)}
                | {"fell": list(s.fell), "controls": list(s.controls)}
                for s in score.survivors
            ],
        },
        "templates": {"status": "not measured"},
        "rules": [
            {"rule": p.rule, "proof": p.proof.value} | {name: getattr(p, name) for name in _COUNTS}
            for p in score.proofs
        ],
        "gates": [{"name": gate.name, "holds": gate.holds, "detail": gate.detail} for gate in gates],
    }
    document["digest"] = digest(document)
    return (json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def read(text: str, name: str, chart: Chart, policies: Policies) -> MutationEvidence:
    """The file again.

    Raises InputError for one that is none, that was changed after it was written, or that is about another chart or
    other rules: it says nothing of these.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise InputError(f"{name}: not a mutation file of this version ({SCHEMA}); compliance mutate writes one")
    if digest({key: value for key, value in document.items() if key != "digest"}) != document.get("digest"):
        raise InputError(f"{name}: was changed after it was written: its digest is another")
    for what, theirs, ours in (
        ("another chart", document["chart"]["digest"], chart.digest),
        ("other rules", document["policies"]["digest"], policies.digest),
    ):
        if theirs != ours:
            raise InputError(
                f"{name}: is about {what} (SHA-256 {theirs[:16]}…) than given ({ours[:16]}…): "
                "run compliance mutate again"
            )
    manifests = document["manifests"]
    return MutationEvidence(
        file=name,
        digest=document["digest"],
        bases=len(manifests["bases"]),
        operators=len(manifests["operators"]),
        mutants=manifests["mutants"],
        killed=manifests["killed"],
        rules=tuple(
            RuleProof(entry["rule"], Proof(entry["proof"]), *(entry[name] for name in _COUNTS))
            for entry in document["rules"]
        ),
        survivors=tuple(
            Survivor(s["operator"], s["base"], s["place"], tuple(s["rules"]), tuple(s["fell"]), tuple(s["controls"]))
            for s in manifests["survivors"]
        ),
    )


def lines(score: Score, gates: Sequence[Gate]) -> Iterator[str]:
    """The same for a terminal."""
    width = max(len(proof.rule) for proof in score.proofs)
    yield f"{'rule'.ljust(width)}  mutants  killed    rate  proof"
    for proof in score.proofs:
        rate = f"{100 * proof.killed / proof.mutants:5.1f} %" if proof.mutants else "      -"
        yield f"{proof.rule.ljust(width)}  {proof.mutants:7}  {proof.killed:6} {rate}  {proof.proof}"
    yield ""
    yield (
        f"{len(score.mutants)} mutants by {len(score.operators)} operators in {len(score.bases)} renderings: "
        f"{score.killed} killed, {score.rate:.2f} %"
    )
    for survivor in score.survivors:
        yield f"survivor {survivor.operator} at {survivor.place}"
        yield f"         in {survivor.base}"
        yield f"         should fall: {', '.join(survivor.rules)}; fell: {', '.join(survivor.fell) or 'none'}"
        yield f"         weakens the evidence of {', '.join(survivor.controls) or 'no control'}"
    if score.idle:
        yield f"{len(score.idle)} operators found no place: {', '.join(operator.name for operator in score.idle)}"
    for gate in gates:
        yield f"{'holds' if gate.holds else 'FELL ':<5} {gate.name}: {gate.detail}"
