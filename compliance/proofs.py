"""How each rule is proven: by what it was seen to do in renderings, in mutants of them, and in its own examples."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.model import Proof, Rule, RuleProof, RuleTally


def proofs_of(
    rules: Sequence[Rule], tallies: Sequence[RuleTally], measured: Sequence[RuleProof]
) -> tuple[RuleProof, ...]:
    """Proofs of a run: what mutants showed, where they were measured, and what the run's own renderings show."""
    by_rule = {proof.rule: proof for proof in measured}
    proofs = []
    for rule in rules:
        own = [tally for tally in tallies if tally.rule == rule.id]
        held, failed = sum(t.cases_holding for t in own), sum(t.cases_failing for t in own)
        found = by_rule.get(rule.id)
        if found is None:
            proof = Proof.PROVEN if held and failed else Proof.NOT_MEASURED
            proofs.append(RuleProof(rule.id, proof, held, failed, 0, 0, 0, 0, 0))
        else:
            proofs.append(stated(found, found.held + held, found.failed + failed))
    return tuple(proofs)


def stated(counts: RuleProof, held: int, failed: int) -> RuleProof:
    """The counts with renderings added, and the word for them."""
    fell = failed + counts.killed + counts.elsewhere
    proof = Proof.EXAMPLES if counts.examples_fallen and not fell else Proof.UNPROVEN
    return RuleProof(
        counts.rule,
        Proof.PROVEN if held and fell else proof,
        held,
        failed,
        counts.mutants,
        counts.killed,
        counts.elsewhere,
        counts.examples,
        counts.examples_fallen,
    )
