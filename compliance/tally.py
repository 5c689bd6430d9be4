"""Folding what the engines saw into counts, one rendering at a time, so that a long run needs little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.engines import Judgement
from compliance.errors import IncompleteRunError
from compliance.model import (
    CaseRecord,
    EngineCount,
    Observation,
    ObservationGroup,
    Outcome,
    Refusal,
    Rendering,
    Rule,
    RuleTally,
    Totals,
    Verdict,
)

Locate = Callable[[Rendering, Observation], str]


@dataclass
class _Seen:
    observation: Observation
    case: str
    location: str
    count: int = 0
    subjects: set[str] = field(default_factory=set)


@dataclass
class _RuleCount:
    subjects: set[str] = field(default_factory=set)
    holds: int = 0
    fails: int = 0


@dataclass
class _EngineCount:
    renderings: int = 0
    objects: int = 0
    looked_at: int = 0
    out_of_scope: int = 0
    observations: int = 0


class Tally:
    """The counts of one run. `locate` names the line that a failing observation comes from, asked once a group."""

    def __init__(self, rules: Sequence[Rule], engines: Iterable[str], locate: Locate) -> None:
        self.rules = tuple(rules)
        self._numbers = {rule.id: number for number, rule in enumerate(self.rules)}
        self._locate = locate
        self._engines = {name: _EngineCount() for name in engines}
        self._groups: dict[tuple[object, ...], _Seen] = {}
        self._per_rule: dict[tuple[str, str], _RuleCount] = {}
        self.records: list[CaseRecord] = []

    def add_unrendered(self, outcome: Outcome) -> None:
        """A Case without objects: refused or failed."""
        refused = isinstance(outcome, Refusal)
        reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
        self.records.append(CaseRecord(outcome.case, "refused" if refused else "failed", reasons, "", 0, ()))

    def add(self, rendering: Rendering, judgements: Mapping[str, Judgement]) -> None:
        """A rendering and what every engine saw in it. Raises IncompleteRunError when an object is unaccounted for."""
        if rendering.documents != len(rendering.objects):
            raise IncompleteRunError(
                f"case {rendering.case.id}: Helm printed {rendering.documents} documents, "
                f"{len(rendering.objects)} objects were read"
            )
        if set(judgements) != set(self._engines):
            raise IncompleteRunError(f"case {rendering.case.id}: judged by {sorted(judgements)} only")
        failing: set[int] = set()
        exercised: set[int] = set()
        templates = {o.id: (o.kind, o.source) for o in rendering.objects}
        for name, judgement in judgements.items():
            self._count_engine(name, rendering, judgement)
            for observation in judgement.observations:
                self._count_rule(rendering.case.profile, observation)
                number = self._numbers.get(observation.rule)
                if number is None:
                    continue
                exercised.add(number)
                if not observation.holds:
                    failing.add(number)
                self._group(rendering, templates[observation.subject], observation)
        verdicts = tuple(_verdict(number, exercised, failing) for number in range(len(self.rules)))
        self.records.append(
            CaseRecord(rendering.case, "rendered", (), rendering.digest, len(rendering.objects), verdicts)
        )

    def groups(self) -> tuple[ObservationGroup, ...]:
        """Every distinct observation of an evidence rule, per profile, in a stable order."""
        return tuple(
            ObservationGroup(seen.observation, str(key[0]), seen.count, len(seen.subjects), seen.case, seen.location)
            for key, seen in sorted(self._groups.items(), key=lambda item: tuple(map(str, item[0])))
        )

    def tallies(self) -> tuple[RuleTally, ...]:
        """Counts per rule and profile, for rules with no observation too, and for the checks of other engines."""
        rendered = [record for record in self.records if record.outcome == "rendered"]
        profiles = sorted({record.case.profile for record in rendered})
        ids = [rule.id for rule in self.rules]
        ids += sorted({rule for _, rule in self._per_rule} - set(ids))
        return tuple(self._tally(id_, profile, rendered) for id_ in ids for profile in profiles)

    def totals(self, duplicates: int) -> Totals:
        """The ledger's numbers."""
        outcomes = [record.outcome for record in self.records]
        engines = tuple(
            EngineCount(name, c.renderings, c.objects, c.looked_at, c.out_of_scope, c.observations)
            for name, c in sorted(self._engines.items())
        )
        return Totals(
            generated=len(outcomes),
            refused=outcomes.count("refused"),
            rendered=outcomes.count("rendered"),
            failed=outcomes.count("failed"),
            evaluated=min((engine.renderings for engine in engines), default=0),
            objects=sum(record.objects for record in self.records),
            observations=sum(engine.observations for engine in engines),
            duplicates=duplicates,
            engines=engines,
        )

    def _count_engine(self, name: str, rendering: Rendering, judgement: Judgement) -> None:
        count = self._engines[name]
        count.renderings += 1
        count.objects += len(rendering.objects)
        count.looked_at += judgement.looked_at
        count.out_of_scope += judgement.out_of_scope
        count.observations += len(judgement.observations)

    def _count_rule(self, profile: str, observation: Observation) -> None:
        count = self._per_rule.setdefault((profile, observation.rule), _RuleCount())
        count.subjects.add(observation.subject)
        if observation.holds:
            count.holds += 1
        else:
            count.fails += 1

    def _group(self, rendering: Rendering, template: tuple[str, str], o: Observation) -> None:
        # repr is enough for a key: the values come from JSON with sorted keys.
        key = (rendering.case.profile, o.rule, *template, o.path, o.holds, repr(o.value), repr(o.expected))
        seen = self._groups.get(key)
        if seen is None:
            location = "" if o.holds else self._locate(rendering, o)
            seen = self._groups[key] = _Seen(o, rendering.case.id, location)
        seen.count += 1
        seen.subjects.add(o.subject)

    def _tally(self, id_: str, profile: str, rendered: Sequence[CaseRecord]) -> RuleTally:
        count = self._per_rule.get((profile, id_), _RuleCount())
        number = self._numbers.get(id_)
        verdicts = [r.verdicts[number] for r in rendered if number is not None and r.case.profile == profile]
        return RuleTally(
            rule=id_,
            profile=profile,
            subjects=len(count.subjects),
            holds=count.holds,
            fails=count.fails,
            cases_holding=verdicts.count(Verdict.HOLDS),
            cases_failing=verdicts.count(Verdict.FAILS),
            cases_not_exercised=verdicts.count(Verdict.NOT_EXERCISED),
        )


def _verdict(number: int, exercised: set[int], failing: set[int]) -> Verdict:
    if number in failing:
        return Verdict.FAILS
    return Verdict.HOLDS if number in exercised else Verdict.NOT_EXERCISED
