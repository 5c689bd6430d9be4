"""What must hold for exit code 0. A gate that falls is a finding, not an error: the report is still whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from compliance.engines.kubernetes_schema import RULE as KUBERNETES_SCHEMA
from compliance.model import Gate, OriginKind, Proof, RuleTally, Run, ScenarioEvidence, ScenarioResult
from compliance.scenarios import not_run

PRODUCTION = "production"


def gates_of(run: Run) -> tuple[Gate, ...]:
    """The gates, each with what was counted. A user's own values are held to the production gate whatever they say."""
    whole_space = not run.inputs.values_file
    gates = [_severe_rules_hold(run, whole_space), _valid_for_kubernetes(run), _disagreements_explained(run)]
    if run.mutation:
        gates.append(_rules_proven(run))
    if run.tests:
        gates.append(_scenarios_passed(run, run.tests))
    if whole_space:
        gates += [_pairs_covered(run), _rules_exercised(run), _constraints_refuse(run)]
    return tuple(gates)


def _severe_rules_hold(run: Run, whole_space: bool) -> Gate:
    severe = {rule.id for rule in run.rules if rule.severity.is_gate}
    profiles = [PRODUCTION] if whole_space and PRODUCTION in run.profiles else list(run.profiles)
    tallies = [tally for tally in run.tallies if tally.rule in severe and tally.profile in profiles]
    fallen = [tally for tally in tallies if tally.cases_failing]
    where = f"under {' and '.join(profiles)}"
    detail = ", ".join(f"{t.rule} fails in {t.cases_failing} of {_cases(t)}" for t in fallen)
    detail = detail or f"{len(severe)} rules {where}, none fails in any of {_most_cases(tallies)} renderings"
    return Gate(f"rules of severity critical and high hold {where}", not fallen and bool(tallies), detail)


def _valid_for_kubernetes(run: Run) -> Gate:
    tallies = [tally for tally in run.tallies if tally.rule == KUBERNETES_SCHEMA.id]
    fails = sum(tally.fails for tally in tallies)
    detail = f"{sum(t.holds for t in tallies)} validations hold, {fails} fail; {', '.join(run.inputs.kubernetes)}"
    return Gate("every object is valid for its Kubernetes version", not fails and bool(tallies), detail)


def _disagreements_explained(run: Run) -> Gate:
    unexplained = [d for d in run.disagreements if not d.reason]
    detail = ", ".join(
        f"{d.check} says {d.theirs} of {d.subject}, {d.rule} says {d.ours} ({d.count} times)" for d in unexplained
    )
    explained = f"{len(run.disagreements)} kinds of difference, each with its reason"
    return Gate("every difference between checkov and the rules is explained", not unexplained, detail or explained)


def _pairs_covered(run: Run) -> Gate:
    detail = "; ".join(f"{c.profile}: {c.covered} of {c.total} feasible pairs in {c.rows} rows" for c in run.coverage)
    refused = sum(r.case.origin.kind is OriginKind.COVERING and r.outcome != "rendered" for r in run.cases)
    if refused:
        detail += f"; {refused} of these rows are refused by a template, so that their pairs were not seen"
    holds = bool(run.coverage) and not refused and all(c.covered == c.total for c in run.coverage)
    return Gate("every feasible pair of levels is covered", holds, detail)


def _rules_exercised(run: Run) -> Gate:
    silent = [rule.id for rule in run.rules if not any(t.rule == rule.id and t.subjects for t in run.tallies)]
    detail = f"never exercised: {', '.join(silent)}" if silent else f"all {len(run.rules)} rules found something"
    return Gate("every rule was exercised", not silent, detail)


def _constraints_refuse(run: Run) -> Gate:
    reasons = {record.case.id: {reason.where for reason in record.reasons} for record in run.cases}
    probes = [(constraint.id, probe) for constraint in run.constraints for probe in constraint.probes]
    wrong = [
        f"{constraint} did not refuse case {probe}" for constraint, probe in probes if constraint not in reasons[probe]
    ]
    unprobed = [c.id for c in run.constraints if not c.probes]
    detail = ", ".join(wrong) or f"{len(probes)} cases made to break a constraint were refused by it"
    if unprobed:
        detail += f"; not broken by any level of the schema: {', '.join(unprobed)}"
    return Gate("every constraint refuses what breaks it", not wrong, detail)


def _rules_proven(run: Run) -> Gate:
    """Without mistakes made on purpose there is no such gate, and page one says so."""
    wanting = ", ".join(f"{p.rule} is {p.proof}" for p in run.proofs if p.proof is not Proof.PROVEN)
    detail = wanting or f"all {len(run.proofs)} rules were seen to hold and to fall"
    return Gate("every rule is proven", not wanting and bool(run.proofs), detail)


def _scenarios_passed(run: Run, tests: ScenarioEvidence) -> Gate:
    """Without outcomes there is no such gate, and page one says so."""
    results = Counter(outcome.result for outcome in tests.outcomes)
    missing = not_run(tuple(control for framework in run.frameworks for control in framework.controls), tests)
    detail = ", ".join(f"{results[result]} {result}" for result in ScenarioResult)
    others = [outcome for outcome in tests.outcomes if outcome.result is not ScenarioResult.PASSED]
    detail += "".join(f"; {o.id} {o.result}: {o.failure}" for o in others)
    detail += f"; named by controls and not run: {', '.join(missing)}" if missing else ""
    return Gate("every scenario on a real cluster passed", not others and not missing, detail)


def _cases(tally: RuleTally) -> int:
    return tally.cases_holding + tally.cases_failing + tally.cases_not_exercised


def _most_cases(tallies: Iterable[RuleTally]) -> int:
    return max((_cases(tally) for tally in tallies), default=0)
