"""Mistakes made in renderings, and which rules saw them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from compliance.engines import Engine
from compliance.model import KubernetesObject, Rendering
from compliance.mutation.bases import Base, look
from compliance.mutation.manifests import Manifests, Mutation, containers
from compliance.mutation.manifests import place as place_of
from compliance.mutation.operators import Operator
from compliance.values import digest


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake at one place of one base. `aimed` are the rules that should fall, `fell` those that did."""

    operator: str
    base: str
    place: str
    aimed: tuple[str, ...]
    fell: tuple[str, ...]

    @property
    def is_killed(self) -> bool:
        return bool(set(self.aimed) & set(self.fell))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A mutant before it is judged."""

    operator: Operator
    base: Base
    place: str
    aimed: tuple[str, ...]
    rendering: Rendering


def attempts(bases: Sequence[Base], operators: Sequence[Operator]) -> Iterator[Attempt]:
    """Every mistake at every place: one that several bases have, or containers that are alike, is made in the first.

    Rules that fail in a base before anything is done to it are not aimed at there.
    """
    made: set[tuple[str, str, str]] = set()
    for base in bases:
        objects: Manifests = tuple(o.data for o in base.rendering.objects)
        for operator in operators:
            aimed = tuple(rule for rule in operator.rules if rule not in base.seen.failing)
            if not aimed:
                continue
            for mutation in operator.mutate(objects):
                origin = base.rendering.objects[mutation.number]
                key = (operator.name, origin.source, _alike(mutation, objects))
                if key not in made:
                    made.add(key)
                    place = f"{origin.kind}/{origin.data['metadata']['name']} {mutation.place}".strip()
                    rendering = _rendering(base.rendering, mutation.objects)
                    yield Attempt(operator, base, place, aimed, rendering)


def _alike(mutation: Mutation, objects: Manifests) -> str:
    """The place, in the first of a pod's containers that differ only in name and arguments: it speaks for all."""
    own = objects[mutation.number : mutation.number + 1]
    first: dict[str, str] = {}
    for spot in containers(own):
        label = place_of(own, spot)
        shape = digest({key: value for key, value in spot.value.items() if key not in ("name", "args")})
        first.setdefault(shape, label)
        if mutation.place == label or mutation.place.startswith(f"{label}."):
            return first[shape] + mutation.place.removeprefix(label)
    return mutation.place


def judged(
    attempted: Sequence[Attempt], engines: Sequence[Engine], progress: Callable[[int, int], None]
) -> tuple[Mutant, ...]:
    """What the rules say of each; only what did not fail before counts as fallen."""
    mutants = []
    for done, attempt in enumerate(attempted, 1):
        fell = look(engines, attempt.rendering).failing - attempt.base.seen.failing
        mutants.append(
            Mutant(attempt.operator.name, attempt.base.name, attempt.place, attempt.aimed, tuple(sorted(fell)))
        )
        progress(done, len(attempted))
    return tuple(mutants)


def _rendering(base: Rendering, objects: Manifests) -> Rendering:
    """The rendering with other objects; those that are the same ones keep what was computed of them."""
    kept = {id(o.data): o for o in base.objects}
    changed = tuple(kept.get(id(data)) or KubernetesObject(data, "", "") for data in objects)
    return Rendering(base.case, changed, base.notes, len(changed))
