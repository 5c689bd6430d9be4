"""How far each rule can be trusted, in words and rows, for Markdown and HTML alike."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.controls import counted_mappings
from compliance.model import Control, Proof, RuleProof, Run


def proof_of(run: Run, rule: str) -> RuleProof:
    """What a rule was seen to do."""
    return next(proof for proof in run.proofs if proof.rule == rule)


def sentence(proof: RuleProof) -> str:
    """A rule's proof with the counts behind it."""
    seen = f"held in {proof.held:,} renderings, failed in {proof.failed:,}"
    if proof.proof is Proof.NOT_MEASURED or not (proof.mutants or proof.elsewhere or proof.examples):
        return f"{proof.proof}: {seen}; no mistakes were made on purpose for this run"
    return (
        f"{proof.proof}: {seen}; fell in {proof.killed:,} of {proof.mutants:,} mistakes aimed at it and in "
        f"{proof.elsewhere:,} aimed at others, and in {proof.examples_fallen} of its {proof.examples} bad examples"
    )


def in_a_sentence(run: Run) -> str:
    """How many rules are proven, for page one."""
    if run.mutation is None:
        return "not measured: this run was given no mistakes made on purpose (compliance run --mutation FILE)"
    proven = sum(proof.proof is Proof.PROVEN for proof in run.proofs)
    return (
        f"{proven} of {len(run.proofs)} rules seen to hold and to fall; {run.mutation.killed:,} of "
        f"{run.mutation.mutants:,} mistakes made in passing renderings were noticed"
    )


def resting(run: Run) -> list[tuple[RuleProof, Sequence[Control]]]:
    """The rules that are not proven, where that was measured, each with the controls whose status rests on it."""
    if run.mutation is None:
        return []
    controls = [control for framework in run.frameworks for control in framework.controls]
    return [
        (proof, [c for c in controls if proof.rule in {mapping.rule for mapping in counted_mappings(c)}])
        for proof in run.proofs
        if proof.proof is not Proof.PROVEN
    ]
