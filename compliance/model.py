"""The nouns of the program: Case, Rendering, Rule, Observation, Control, Evidence and Run.

Format, the eighth, is a Protocol of its own in `compliance.formats`.

Everything is frozen; a stage makes new values and never changes those of an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from compliance.values import canonical_json, digest

# A JSON document as `json.loads` gives it. `Any` because a recursive alias would make every reader of a
# Kubernetes object cast at each step, and the shapes are judged by schemas, not by the type checker.
Json = Any


class Severity(StrEnum):
    """How much a rule matters. Under the production profile, high and critical rules are gates."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def is_gate(self) -> bool:
        return self in (Severity.CRITICAL, Severity.HIGH)


class OriginKind(StrEnum):
    """Where a Case came from."""

    DEFAULT = "default"
    EXAMPLE = "example"
    USER = "user"
    COVERING = "covering"
    NEIGHBOUR = "neighbour"
    DRAWN = "drawn"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a Case came from.

    `base` is the id of the Case that a neighbour was made from, and `key` and `level` are the one values path that
    it changes and the value given to it; `with_it` are the other keys that had to change for the chart to accept it.
    Empty elsewhere.
    """

    kind: OriginKind
    detail: str
    base: str = ""
    key: str = ""
    level: Json = None
    with_it: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One set of values for one Kubernetes version.

    `values` is what a values file would hold: only what differs from the chart's defaults, except that a user's
    own file is kept as it is. `kubernetes` is a minor version such as "1.34". `profile` is the value of the chart's
    `profile` key once the defaults are merged in.
    """

    values: Mapping[str, Json]
    kubernetes: str
    profile: str
    origin: Origin

    @cached_property
    def id(self) -> str:
        """Name by content: the first 16 hexadecimal digits of the SHA-256 of the canonical JSON."""
        return digest({"values": self.values, "kubernetes": self.kubernetes})[:16]


@dataclass(frozen=True)
class KubernetesObject:
    """One object of a rendering. `source` is the template that made it, `text` its YAML as Helm printed it."""

    data: Mapping[str, Json]
    source: str
    text: str

    @cached_property
    def json(self) -> str:
        return canonical_json(self.data)

    @cached_property
    def digest(self) -> str:
        return digest(self.data)

    @cached_property
    def kind(self) -> str:
        return str(self.data.get("kind", ""))

    @cached_property
    def api_version(self) -> str:
        return str(self.data.get("apiVersion", ""))

    @cached_property
    def id(self) -> str:
        """The subject of observations: "apiVersion/Kind/namespace/name", the namespace empty when absent."""
        metadata = self.data.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        return f"{self.api_version}/{self.kind}/{metadata.get('namespace', '')}/{metadata.get('name', '')}"


@dataclass(frozen=True)
class Rendering:
    """What Helm made of a Case. `documents` counts the non-empty YAML documents in Helm's text, before parsing."""

    case: Case
    objects: tuple[KubernetesObject, ...]
    notes: str
    documents: int

    @cached_property
    def digest(self) -> str:
        return digest([o.digest for o in self.objects])


class ReasonKind(StrEnum):
    SCHEMA = "schema"
    CONSTRAINT = "constraint"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why values were refused: `where` is a values path (schema) or a constraint's id."""

    kind: ReasonKind
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The chart refused a Case, in its own words."""

    case: Case
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """The chart accepted a Case and then made no usable objects of it: an error of the chart."""

    case: Case
    message: str


Outcome = Rendering | Refusal | Failure


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


class ScenarioResult(StrEnum):
    """How a scenario ended; `error`: it could not be set up or taken down, so that it shows nothing."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


@dataclass(frozen=True)
class ScenarioOutcome:
    """What one scenario on a real cluster came to (method TEST).

    `counts` are figures that it measured; `objects` is how many objects Helm gave to the cluster; `images` are those
    that containers ran, with digests; `differences` says how the cluster differs from one as it comes. `digest` covers
    all but `times`, in seconds unless the name says otherwise, and `begun`.
    """

    id: str
    shows: str
    result: ScenarioResult
    failure: str
    counts: Mapping[str, int]
    objects: int
    images: tuple[str, ...]
    kubernetes: str
    differences: tuple[str, ...]
    digest: str
    times: Mapping[str, float]
    begun: str


@dataclass(frozen=True)
class ScenarioEvidence:
    """The scenarios that ran, by id; one that did not run is not in it."""

    file: str
    outcomes: tuple[ScenarioOutcome, ...]


class Proof(StrEnum):
    """Whether a rule can be trusted: it was seen to hold where all is right, and to fail where something is wrong."""

    PROVEN = "proven"
    EXAMPLES = "only by its examples"
    UNPROVEN = "unproven"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class RuleProof:
    """What a rule was seen to do. The counts are of renderings and of mutants: renderings with a mistake made in them.

    `held` are renderings in which it held, `failed` those in which it failed as they were; `mutants` were aimed at it,
    and it fell in `killed` of them, and in `elsewhere` that were aimed at others; `examples` are its own bad examples,
    and it fell in `examples_fallen` of them.
    """

    rule: str
    proof: Proof
    held: int
    failed: int
    mutants: int
    killed: int
    elsewhere: int
    examples: int
    examples_fallen: int


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mistake that no rule aimed at saw, and the controls (framework:id) whose evidence that weakens."""

    operator: str
    base: str
    place: str
    rules: tuple[str, ...]
    fell: tuple[str, ...]
    controls: tuple[str, ...]


@dataclass(frozen=True)
class MutationEvidence:
    """What became of mistakes made on purpose in passing renderings. `digest` names the file that says so."""

    file: str
    digest: str
    bases: int
    operators: int
    mutants: int
    killed: int
    rules: tuple[RuleProof, ...]
    survivors: tuple[Survivor, ...]


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
