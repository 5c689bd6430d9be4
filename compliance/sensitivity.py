"""Which keys decide a control, and the fewest flags that break it.

A deciding key is found by trying: a neighbour is an example with one key changed. Where the example supports the
control and the neighbour does not, the key breaks it; the other way round, it mends it. Where the chart refuses the
neighbour under a profile, and the same change breaks the control under another, the constraint is what keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from compliance.chart import Chart
from compliance.controls import counted_mappings, verdicts_of
from compliance.locate import Locator
from compliance.model import (
    CaseRecord,
    Control,
    Counterexample,
    DecidingKey,
    Effect,
    OriginKind,
    ReasonKind,
    Rule,
    Verdict,
)
from compliance.space.factors import flags_between
from compliance.values import canonical_json

Place = tuple[str, str]


class Sensitivity:
    """The records of a run, indexed once for all controls."""

    def __init__(self, chart: Chart, records: Sequence[CaseRecord], rules: Sequence[Rule], locator: Locator) -> None:
        self._rules = tuple(rules)
        self._numbers = {rule.id: number for number, rule in enumerate(rules)}
        self._rendered = [record for record in records if record.outcome == "rendered"]
        self._by_id = {record.case.id: record for record in records}
        self._neighbours = [
            record for record in records if record.case.origin.kind is OriginKind.NEIGHBOUR and record.case.origin.key
        ]
        self._locator = locator
        # Cases of one file differ in nothing but the Kubernetes version.
        fewest = lru_cache(maxsize=None)(lambda values: _fewest_flags(chart, json.loads(values)))
        self._flags = lru_cache(maxsize=None)(lambda id_: fewest(canonical_json(self._by_id[id_].case.values)))

    def deciding_keys(self, control: Control, profile: str) -> tuple[DecidingKey, ...]:
        """Keys whose change breaks or mends the control, and those that a constraint keeps from breaking it."""
        verdicts = self._verdicts(control)
        broken_by = self._broken_by(control, verdicts)
        found: dict[Place, DecidingKey] = {}
        for record in self._neighbours:
            key = self._deciding(control, record, verdicts, broken_by) if record.case.profile == profile else None
            if key is not None:
                found.setdefault(_place(record), key)
        return tuple(found[place] for place in sorted(found))

    def smallest_counterexample(self, control: Control, profile: str) -> Counterexample | None:
        """The failing Case that needs the fewest flags; ties go to the smaller text."""
        verdicts = self._verdicts(control)
        failing = [
            record
            for record in self._rendered
            if record.case.profile == profile and verdicts[record.case.id] is Verdict.FAILS
        ]
        if not failing:
            return None
        smallest = min(failing, key=lambda r: (len(self._flags(r.case.id)[1]), self._flags(r.case.id), r.case.id))
        file, flags = self._flags(smallest.case.id)
        return Counterexample(smallest.case.id, file, flags, self._failing_rules(control, smallest))

    def _deciding(
        self,
        control: Control,
        record: CaseRecord,
        verdicts: Mapping[str, Verdict],
        broken_by: Mapping[Place, tuple[str, ...]],
    ) -> DecidingKey | None:
        origin = record.case.origin
        base = self._by_id[origin.base]
        before, after = verdicts.get(base.case.id), verdicts.get(record.case.id)
        refused_by = tuple(r.where for r in record.reasons if r.kind is ReasonKind.CONSTRAINT)
        breaks = _place(record) in broken_by
        if breaks and (before, after) == (Verdict.HOLDS, Verdict.FAILS):
            effect, rules = Effect.BREAKS, self._failing_rules(control, record)
        elif (before, after) == (Verdict.FAILS, Verdict.HOLDS):
            effect, rules = Effect.MENDS, self._failing_rules(control, base)
        elif breaks and refused_by and before is Verdict.HOLDS and not self._accepted(record):
            effect, rules = Effect.REFUSED, broken_by[_place(record)]
        else:
            return None
        line = self._locator.values_line(origin.key)
        of_base = base.case.origin.detail
        return DecidingKey(origin.key, origin.level, origin.with_it, of_base, effect, rules, refused_by, line)

    def _broken_by(self, control: Control, verdicts: Mapping[str, Verdict]) -> Mapping[Place, tuple[str, ...]]:
        """What changes break a control that their base supports, under any profile, and the rules that then fail.

        A change that only breaks it because of a key that had to follow, and breaks it alone, is not one.
        """
        breaking = [
            record
            for record in self._neighbours
            if verdicts.get(record.case.id) is Verdict.FAILS and verdicts.get(record.case.origin.base) is Verdict.HOLDS
        ]
        alone = {record.case.origin.key for record in breaking if not record.case.origin.with_it}
        return {
            _place(record): self._failing_rules(control, record)
            for record in breaking
            if not alone & set(record.case.origin.with_it)
        }

    def _accepted(self, refused: CaseRecord) -> bool:
        """Whether the same change is accepted under the same profile once other keys follow."""
        return any(
            record.outcome == "rendered"
            and record.case.profile == refused.case.profile
            and _place(record) == _place(refused)
            for record in self._neighbours
        )

    def _verdicts(self, control: Control) -> Mapping[str, Verdict]:
        verdicts = verdicts_of(control, self._rules, self._rendered)
        return {record.case.id: verdict for record, verdict in zip(self._rendered, verdicts, strict=True)}

    def _failing_rules(self, control: Control, record: CaseRecord) -> tuple[str, ...]:
        mapped = (mapping.rule for mapping in counted_mappings(control))
        return tuple(rule for rule in mapped if record.verdicts[self._numbers[rule]] is Verdict.FAILS)


def _place(record: CaseRecord) -> Place:
    return record.case.origin.key, canonical_json(record.case.origin.level)


def _fewest_flags(chart: Chart, values: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """The example file, or none, that the values are the fewest flags away from, and the flags."""

    def bases() -> Iterator[tuple[str, tuple[str, ...]]]:
        yield "", flags_between(chart, {}, values)
        for name, example in chart.examples.items():
            yield f"examples/{name}", flags_between(chart, example, values)

    return min(bases(), key=lambda base: (len(base[1]), base))
