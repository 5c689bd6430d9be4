"""What is looked at: a Case, its values and where they came from, and what Helm made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from compliance.values import canonical_json, digest

# A JSON document as `json.loads` gives it. `Any` because a recursive alias would make every reader of a
# Kubernetes object cast at each step, and the shapes are judged by schemas, not by the type checker.
Json = Any


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
