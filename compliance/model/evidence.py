"""What all renderings together came to: tallies, groups of observations, and the Evidence of a control."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.model.cases import Case, Json, Reason
from compliance.model.controls import Control, Status
from compliance.model.rules import Observation, Verdict


@dataclass(frozen=True, slots=True)
class ObservationGroup:
    """Observations of one profile that are equal but for names, counted.

    They have the rule, the kind and the template of the subject, the path, the value, what was expected and the outcome
    in common. `observation` is the first of them, seen in `case`; `subjects` counts the distinct objects.
    """

    observation: Observation
    profile: str
    count: int
    subjects: int
    case: str
    location: str


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What one rule saw in the renderings of one profile. `subjects` are distinct objects by id."""

    rule: str
    profile: str
    subjects: int
    holds: int
    fails: int
    cases_holding: int
    cases_failing: int
    cases_not_exercised: int


class Effect(StrEnum):
    """What giving a key another level does to a control."""

    BREAKS = "breaks"
    MENDS = "mends"
    REFUSED = "would break, but is refused"


@dataclass(frozen=True, slots=True)
class DecidingKey:
    """A values path that decides a control: what giving it `level` in the values of `base` does.

    `with_it` are the keys that had to follow for the chart to accept it;
    `rules` are those that fail (breaks) or failed before (mends); `refused_by` the constraints that stand against it;
    `location` the line of values.yaml.
    """

    key: str
    level: Json
    with_it: tuple[str, ...]
    base: str
    effect: Effect
    rules: tuple[str, ...]
    refused_by: tuple[str, ...]
    location: str


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The Case with the fewest flags in which a control does not hold; `file` is the example that they are added to."""

    case: str
    file: str
    flags: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """A control's status over the cases of one profile. The three counts add up to the profile's renderings."""

    control: Control
    profile: str
    status: Status
    reason: str
    supporting: int
    contradicting: int
    not_exercised: int
    keys: tuple[DecidingKey, ...]
    counterexample: Counterexample | None


@dataclass(frozen=True)
class CaseRecord:
    """What became of one Case. `verdicts` has one entry a rule, in the order of `Run.rules`; empty unless rendered."""

    case: Case
    outcome: str
    reasons: tuple[Reason, ...]
    rendering: str
    objects: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class EngineCount:
    """What one engine did: `objects` = `looked_at` + `out_of_scope`, over all renderings."""

    engine: str
    renderings: int
    objects: int
    looked_at: int
    out_of_scope: int
    observations: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The ledger. generated = refused + rendered + failed, and every engine evaluated every rendering."""

    generated: int
    refused: int
    rendered: int
    failed: int
    evaluated: int
    objects: int
    observations: int
    duplicates: int
    engines: tuple[EngineCount, ...]


@dataclass(frozen=True, slots=True)
class ProfileCoverage:
    """Pairs of levels of two different keys, counted under one profile. `infeasible` ones no values can have."""

    profile: str
    rows: int
    covered: int
    total: int
    infeasible: int


@dataclass(frozen=True, slots=True)
class FactorRecord:
    """One leaf of the schema: its levels, or why it was not varied."""

    key: str
    levels: tuple[Json, ...]
    not_varied: str


@dataclass(frozen=True, slots=True)
class ConstraintRecord:
    """One entry of constraints.yaml: how many Cases it refused, and the Cases that were made to break it."""

    id: str
    message: str
    docs: str
    refused: int
    probes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two engines say different things of the same objects. `reason` is empty when nobody has explained it yet.

    `right` is whose verdict we hold right: ours, theirs or both, which ask different things; empty where that is no
    question, as no rule asks what the check asks, or where the difference is unexplained.
    """

    rule: str
    check: str
    ours: Verdict
    theirs: Verdict
    kind: str
    count: int
    case: str
    subject: str
    reason: str
    right: str
