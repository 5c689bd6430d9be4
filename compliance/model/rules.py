"""What is asked and seen: a Rule, its Observations and its Verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.model.cases import Json


class Severity(StrEnum):
    """How much a rule matters. Under the production profile, high and critical rules are gates."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def is_gate(self) -> bool:
        return self in (Severity.CRITICAL, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold. `digest` is the SHA-256 of its text, `source` the file, relative to its folder.

    `pod_security` names the checks of Kubernetes' Pod Security that it is, as in "baseline/privileged".
    """

    id: str
    title: str
    description: str
    severity: Severity
    kinds: tuple[str, ...]
    remediation: str
    parameters: tuple[str, ...]
    source: str
    digest: str
    pod_security: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """One rule looked at one place of one object and saw this value there. Passes are observations too.

    `subject` is a KubernetesObject id, `path` a JSON path inside it, `value` what was seen (null when absent).
    """

    rule: str
    subject: str
    path: str
    value: Json
    expected: Json
    holds: bool
    message: str


class Verdict(StrEnum):
    """What one rule says of one rendering. A rule without an observation was not exercised: never a pass."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_EXERCISED = "not exercised"
