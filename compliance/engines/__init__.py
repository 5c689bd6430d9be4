"""Engines judge renderings. Each module of this package is one, with the names that `Engine` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from compliance.model import Observation, Rendering, Rule


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one engine saw in one rendering.

    `looked_at` + `out_of_scope` is the number of the rendering's objects; an engine that can't account for an object
    raises IncompleteRunError instead of leaving it out.
    """

    observations: tuple[Observation, ...]
    looked_at: int
    out_of_scope: int


class Engine(Protocol):
    """One way of judging a rendering."""

    @property
    def name(self) -> str: ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules whose observations are evidence; empty for an engine that is only a second opinion."""
        ...

    @property
    def version(self) -> str:
        """The name and version of the program behind it, for the report."""
        ...

    def judge(self, rendering: Rendering) -> Judgement:
        """Every observation of one rendering. Raises IncompleteRunError when something was not judged."""
        ...
