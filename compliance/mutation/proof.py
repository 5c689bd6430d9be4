"""From mutants to the proof of each rule, the score, and the gates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from compliance.chart import Chart
from compliance.controls import counted_mappings
from compliance.engines.kubernetes_schema import KubernetesSchemaEngine
from compliance.engines.rego import RegoEngine
from compliance.examples import base_of, materialised
from compliance.model import Framework, Gate, Proof, Rule, RuleProof, Survivor
from compliance.mutation.bases import Base, bases_of
from compliance.mutation.mutants import Mutant, attempts, judged
from compliance.mutation.operators import Operator
from compliance.policies import Policies
from compliance.proofs import stated
from compliance.render.sdk import SdkRenderer


@dataclass(frozen=True)
class Score:
    """Everything of one run over mutants."""

    rules: tuple[Rule, ...]
    bases: tuple[Base, ...]
    operators: tuple[Operator, ...]
    mutants: tuple[Mutant, ...]
    proofs: tuple[RuleProof, ...]
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        return sum(mutant.is_killed for mutant in self.mutants)

    @property
    def rate(self) -> float:
        """The share of the mutants that a rule aimed at saw, in percent; nothing made is nothing shown."""
        return 100 * self.killed / len(self.mutants) if self.mutants else 0.0

    @property
    def idle(self) -> tuple[Operator, ...]:
        """The operators that found no place in any base."""
        used = {mutant.operator for mutant in self.mutants}
        return tuple(operator for operator in self.operators if operator.name not in used)


def mutate(
    chart: Chart,
    policies: Policies,
    frameworks: Sequence[Framework],
    operators: Sequence[Operator],
    kubernetes: Sequence[str],
    progress: Callable[[int, int], None],
) -> Score:
    """Makes every mistake at every place, judges each mutant, and says what that shows of each rule.

    Operators that name none of the rules are left out: they ask what these rules do not.
    """
    rego = RegoEngine(policies)
    engines = (rego, KubernetesSchemaEngine())
    rules = tuple(rule for engine in engines for rule in engine.rules)
    known = {rule.id for rule in rules}
    asked = tuple(operator for operator in operators if set(operator.rules) & known)
    bases = bases_of(chart, SdkRenderer(chart), engines, asked, kubernetes)
    mutants = judged(tuple(attempts(bases, asked)), engines, progress)
    fallen = _fallen_examples(policies, rego)
    proofs = tuple(_proof(rule, bases, mutants, fallen.get(rule.id, ())) for rule in rules)
    survivors = tuple(survivor(mutant, frameworks) for mutant in mutants if not mutant.is_killed)
    return Score(rules, bases, asked, mutants, proofs, survivors)


def gates_of(score: Score, minimum: float) -> tuple[Gate, ...]:
    """What must hold for exit code 0. A rule that no base exercised is named and does not fall here."""
    exercised = {rule for base in score.bases for rule in base.seen.exercised}
    asked = [proof for proof in score.proofs if proof.rule in exercised]
    silent = ", ".join(proof.rule for proof in score.proofs if proof.rule not in exercised)
    beside = f"; not exercised in any rendering: {silent}" if silent else ""
    spared = ", ".join(proof.rule for proof in asked if not proof.mutants)
    wanting = ", ".join(f"{proof.rule} is {proof.proof}" for proof in asked if proof.proof is not Proof.PROVEN)
    return (
        Gate(
            f"at least {minimum:g} % of the mistakes are seen",
            score.rate >= minimum,
            f"{score.killed} of {len(score.mutants)} mutants, {score.rate:.2f} %",
        ),
        Gate(
            "every rule that was exercised had a mistake aimed at it",
            bool(asked) and not spared,
            (f"none was made for {spared}" if spared else f"{len(asked)} rules") + beside,
        ),
        Gate(
            "every rule that was exercised is proven",
            bool(asked) and not wanting,
            (wanting or f"{len(asked)} rules seen to hold and to fall") + beside,
        ),
    )


def _proof(rule: Rule, bases: Sequence[Base], mutants: Sequence[Mutant], examples: Sequence[bool]) -> RuleProof:
    aimed = [mutant for mutant in mutants if rule.id in mutant.aimed]
    counts = RuleProof(
        rule.id,
        Proof.UNPROVEN,
        0,
        0,
        len(aimed),
        sum(rule.id in mutant.fell for mutant in aimed),
        sum(rule.id in mutant.fell for mutant in mutants if rule.id not in mutant.aimed),
        len(examples),
        sum(examples),
    )
    held = sum(rule.id in base.seen.holding for base in bases)
    return stated(counts, held, sum(rule.id in base.seen.failing for base in bases))


def _fallen_examples(policies: Policies, engine: RegoEngine) -> Mapping[str, list[bool]]:
    """For each rule, whether it falls in each of its bad examples; nothing where the rules come without a base."""
    base = base_of(policies)
    fallen: dict[str, list[bool]] = {}
    for example in policies.examples:
        if base and example.bad:
            document = json.dumps({"resources": materialised(base, example), "parameters": {}})
            found = engine.evaluate(document)[example.rule]
            fallen.setdefault(example.rule, []).append(any(not o["holds"] for o in found))
    return fallen


def survivor(mutant: Mutant, frameworks: Sequence[Framework]) -> Survivor:
    controls = tuple(
        f"{framework.id}:{control.id}"
        for framework in frameworks
        for control in framework.controls
        if {mapping.rule for mapping in counted_mappings(control)} & set(mutant.aimed)
    )
    return Survivor(mutant.operator, mutant.base, mutant.place, mutant.aimed, mutant.fell, controls)
