"""The rules as a list: severity, controls, and how each is proven."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.model import Framework, MutationEvidence, Rule, RuleProof
from compliance.proofs import proofs_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, the controls (framework:id) that it speaks to, and its proof."""

    rule: Rule
    controls: tuple[str, ...]
    proof: RuleProof


def entries(
    rules: Sequence[Rule], frameworks: Sequence[Framework], measured: MutationEvidence | None
) -> tuple[Entry, ...]:
    """One entry a rule, in their order."""
    proofs = {p.rule: p for p in proofs_of(rules, (), measured.rules if measured else ())}
    return tuple(Entry(rule, _controls(rule, frameworks), proofs[rule.id]) for rule in rules)


def as_json(found: Sequence[Entry]) -> str:
    listed = [
        {
            "id": entry.rule.id,
            "title": entry.rule.title,
            "severity": entry.rule.severity.value,
            "controls": list(entry.controls),
            "proof": entry.proof.proof.value,
            "mutants": entry.proof.mutants,
            "killed": entry.proof.killed,
        }
        for entry in found
    ]
    return json.dumps({"rules": listed}, indent=1, ensure_ascii=False)


def as_text(found: Sequence[Entry], measured: MutationEvidence | None) -> str:
    width = max(len(entry.rule.id) for entry in found)
    lines = [
        f"{e.rule.id:{width}}  {e.rule.severity:8}  {e.proof.proof:20}  {', '.join(e.controls)}".rstrip() for e in found
    ]
    lines.append(f"{len(found)} rules")
    if measured is None:
        lines.append("proofs are not measured: compliance mutate, then --mutation build/mutation.json")
    return "\n".join(lines)


def _controls(rule: Rule, frameworks: Sequence[Framework]) -> tuple[str, ...]:
    return tuple(
        f"{framework.id}:{control.id}"
        for framework in frameworks
        for control in framework.controls
        if rule.id in {mapping.rule for mapping in control.mappings}
    )
