"""What a standard asks for: Frameworks of Controls, and how rules and scenarios speak to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Relationship(StrEnum):
    """How a rule relates to a control, in the words of OSCAL's mapping model."""

    SUBSET = "subset-of"
    INTERSECTS = "intersects-with"


class Confidence(StrEnum):
    """How sure the mapping is. A low one is shown as related and never counted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class RuleMapping:
    """One rule speaks to one control, and why."""

    rule: str
    relationship: Relationship
    confidence: Confidence
    rationale: str


class Status(StrEnum):
    """What the evidence says of a control. Never "compliant": that is the assessor's word."""

    SUPPORTED = "supported"
    PARTLY = "partly supported"
    NOT_SUPPORTED = "not supported"
    NOT_EXERCISED = "not exercised"
    NOT_EVIDENCED = "not evidenced here"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class ScenarioMapping:
    """One scenario on a real cluster speaks to one control, and why. It does not change the control's status."""

    test: str
    rationale: str


@dataclass(frozen=True)
class Control:
    """One requirement of one framework: who speaks to it, how strongly, and whose duty the rest is.

    `gist` is in our own words. `fixed_status` is set where no rule can speak: not evidenced here, or not applicable,
    with `limits` as the reason. `duties` maps an owner (chart, values, cluster, cloud, organisation) to its share.
    """

    framework: str
    id: str
    gist: str
    mappings: tuple[RuleMapping, ...]
    limits: str
    duties: Mapping[str, str]
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed_status: Status | None = None
    tests: tuple[ScenarioMapping, ...] = ()


@dataclass(frozen=True)
class Framework:
    id: str
    title: str
    version: str
    source: str
    controls: tuple[Control, ...]
