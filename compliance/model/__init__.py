"""The nouns of the program: Case, Rendering, Rule, Observation, Control, Evidence and Run.

Format, the eighth, is a Protocol of its own in `compliance.formats`.

Everything is frozen; a stage makes new values and never changes those of an earlier one.
"""

from __future__ import annotations

from compliance.model.cases import (
    Case,
    Failure,
    Json,
    KubernetesObject,
    Origin,
    OriginKind,
    Outcome,
    Reason,
    ReasonKind,
    Refusal,
    Rendering,
)
from compliance.model.controls import (
    Confidence,
    Control,
    Framework,
    Relationship,
    RuleMapping,
    ScenarioMapping,
    Status,
)
from compliance.model.evidence import (
    CaseRecord,
    ConstraintRecord,
    Counterexample,
    DecidingKey,
    Disagreement,
    Effect,
    EngineCount,
    Evidence,
    FactorRecord,
    ObservationGroup,
    ProfileCoverage,
    RuleTally,
    Totals,
)
from compliance.model.proofs import (
    MutationEvidence,
    Proof,
    RuleProof,
    Survivor,
)
from compliance.model.rules import (
    Observation,
    Rule,
    Severity,
    Verdict,
)
from compliance.model.run import (
    Gate,
    Inputs,
    Run,
)
from compliance.model.scenarios import (
    ScenarioEvidence,
    ScenarioOutcome,
    ScenarioResult,
)

__all__ = [
    "Case",
    "CaseRecord",
    "Confidence",
    "ConstraintRecord",
    "Control",
    "Counterexample",
    "DecidingKey",
    "Disagreement",
    "Effect",
    "EngineCount",
    "Evidence",
    "FactorRecord",
    "Failure",
    "Framework",
    "Gate",
    "Inputs",
    "Json",
    "KubernetesObject",
    "MutationEvidence",
    "Observation",
    "ObservationGroup",
    "Origin",
    "OriginKind",
    "Outcome",
    "ProfileCoverage",
    "Proof",
    "Reason",
    "ReasonKind",
    "Refusal",
    "Relationship",
    "Rendering",
    "Rule",
    "RuleMapping",
    "RuleProof",
    "RuleTally",
    "Run",
    "ScenarioEvidence",
    "ScenarioMapping",
    "ScenarioOutcome",
    "ScenarioResult",
    "Severity",
    "Status",
    "Survivor",
    "Totals",
    "Verdict",
]
