"""What a run prints: the ledger, coverage, statuses and gates, in a screen of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from compliance.gates import PRODUCTION
from compliance.model import Proof, Run, Status


def of_run(run: Run) -> str:
    return "\n".join([*_ledger(run), "", *_coverage(run), *_proofs(run), *_evidence(run), "", *_gates(run)])


def _ledger(run: Run) -> Iterator[str]:
    t = run.totals
    yield f"ledger   generated {t.generated:,} = refused {t.refused:,} + rendered {t.rendered:,} + failed {t.failed:,}"
    for engine in t.engines:
        yield (
            f"         {engine.engine:<17} {engine.renderings:,} renderings, {engine.objects:,} objects = "
            f"{engine.looked_at:,} looked at + {engine.out_of_scope:,} out of scope, "
            f"{engine.observations:,} observations"
        )
    yield f"         every one of {len(run.rules)} rules has a verdict in every one of {t.rendered:,} renderings"


def _proofs(run: Run) -> Iterator[str]:
    counts = Counter(proof.proof for proof in run.proofs)
    words = ", ".join(f"{counts[proof]} {proof}" for proof in Proof if counts[proof])
    yield f"proof    {len(run.proofs)} rules: {words}"
    if run.mutation:
        yield f"         {run.mutation.killed:,} of {run.mutation.mutants:,} mistakes made on purpose were noticed"


def _coverage(run: Run) -> Iterator[str]:
    for c in run.coverage:
        yield (
            f"pairs    {c.profile}: {c.covered:,} of {c.total:,} feasible pairs in {c.rows} rows; "
            f"{c.infeasible:,} that no values can have"
        )
    if run.coverage:
        yield ""


def _evidence(run: Run) -> Iterator[str]:
    for framework in run.frameworks:
        for profile in sorted(run.profiles, key=lambda profile: (profile != PRODUCTION, profile)):
            statuses = Counter(
                e.status for e in run.evidence if e.profile == profile and e.control.framework == framework.id
            )
            counts = ", ".join(f"{statuses[status]} {status}" for status in Status if statuses[status])
            yield f"{framework.id}, {profile}: {counts}"


def _gates(run: Run) -> Iterator[str]:
    for gate in run.gates:
        yield f"{'holds' if gate.holds else 'FELL '}    {gate.name}: {gate.detail}"
    if not all(gate.holds for gate in run.gates):
        yield from _where(run)


def _where(run: Run) -> Iterator[str]:
    """The failing observations of severe rules, with the line to look at, a few of them."""
    severe = {rule.id for rule in run.rules if rule.severity.is_gate}
    shown_profiles = {"production"} & set(run.profiles) or set(run.profiles)
    failing = [
        g
        for g in run.groups
        if not g.observation.holds and g.observation.rule in severe and g.profile in shown_profiles
    ]
    for group in failing[:10]:
        o = group.observation
        yield f"         {group.location}: {o.rule}: {o.message}"
        yield f"             at {o.path}, {group.count} times, first in case {group.case}"
    if len(failing) > 10:
        yield f"         and {len(failing) - 10} more, in the report"
