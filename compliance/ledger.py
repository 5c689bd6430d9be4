"""The sums that must be right before a report may exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.errors import IncompleteRunError
from compliance.model import CaseRecord, Rule, RuleTally, Totals, Verdict


def check(cases: int, totals: Totals, records: Sequence[CaseRecord], rules: Sequence[Rule]) -> None:
    """Raises IncompleteRunError with every sum that is wrong."""
    if wrong := list(_mismatches(cases, totals, records, rules)):
        raise IncompleteRunError("the ledger does not add up:\n  " + "\n  ".join(wrong))


def check_tallies(tallies: Sequence[RuleTally], records: Sequence[CaseRecord], rules: Sequence[Rule]) -> None:
    """Each rule's three counts must add up to the renderings of the profile: no hole in rule x case."""
    ids = {rule.id for rule in rules}
    for tally in tallies:
        rendered = sum(r.outcome == "rendered" and r.case.profile == tally.profile for r in records)
        counted = tally.cases_holding + tally.cases_failing + tally.cases_not_exercised
        if tally.rule in ids and counted != rendered:
            raise IncompleteRunError(f"the ledger does not add up: {tally.rule} has {counted} of {rendered} verdicts")


def _mismatches(cases: int, totals: Totals, records: Sequence[CaseRecord], rules: Sequence[Rule]) -> Iterator[str]:
    if totals.generated != cases:
        yield f"generated {totals.generated}, but the space has {cases} cases"
    if totals.generated != totals.refused + totals.rendered + totals.failed:
        parts = f"refused {totals.refused} + rendered {totals.rendered} + failed {totals.failed}"
        yield f"generated {totals.generated} is not {parts}"
    for engine in totals.engines:
        if engine.renderings != totals.rendered:
            yield f"{engine.engine} evaluated {engine.renderings} of {totals.rendered} renderings"
        if engine.objects != totals.objects or engine.objects != engine.looked_at + engine.out_of_scope:
            yield (
                f"{engine.engine} looked at {engine.looked_at} and left out {engine.out_of_scope} "
                f"of {totals.objects} objects"
            )
    for record in records:
        if record.outcome == "rendered" and len(record.verdicts) != len(rules):
            yield f"case {record.case.id} has {len(record.verdicts)} verdicts for {len(rules)} rules"
        if record.outcome == "rendered" and Verdict.HOLDS not in record.verdicts:
            yield f"case {record.case.id} rendered {record.objects} objects in which no rule found anything that holds"
