"""Whether rules can be trusted: what they were seen to do, mistakes made on purpose included."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
