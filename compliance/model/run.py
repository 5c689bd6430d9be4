"""Everything of one execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compliance.model.controls import Framework
from compliance.model.evidence import (
    CaseRecord,
    ConstraintRecord,
    Disagreement,
    Evidence,
    FactorRecord,
    ObservationGroup,
    ProfileCoverage,
    RuleTally,
    Totals,
)
from compliance.model.proofs import MutationEvidence, RuleProof
from compliance.model.rules import Rule
from compliance.model.scenarios import ScenarioEvidence


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that must be so for exit code 0."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Inputs:
    """What was looked at, by name and digest, and with what."""

    chart: str
    chart_version: str
    app_version: str
    chart_digest: str
    policies_digest: str
    frameworks_digest: str
    values_file: str
    values_digest: str
    kubernetes: tuple[str, ...]
    tools: Mapping[str, str]
    seed: int
    draws: int
    commit: str
    time: str


@dataclass(frozen=True)
class Run:
    """Everything of one execution; the report formats are pure functions of it."""

    inputs: Inputs
    totals: Totals
    coverage: tuple[ProfileCoverage, ...]
    factors: tuple[FactorRecord, ...]
    constraints: tuple[ConstraintRecord, ...]
    rules: tuple[Rule, ...]
    tallies: tuple[RuleTally, ...]
    groups: tuple[ObservationGroup, ...]
    frameworks: tuple[Framework, ...]
    evidence: tuple[Evidence, ...]
    disagreements: tuple[Disagreement, ...]
    cases: tuple[CaseRecord, ...]
    gates: tuple[Gate, ...]
    tests: ScenarioEvidence | None = None
    mutation: MutationEvidence | None = None
    proofs: tuple[RuleProof, ...] = ()

    @cached_property
    def profiles(self) -> Sequence[str]:
        return sorted({record.case.profile for record in self.cases if record.outcome == "rendered"})
