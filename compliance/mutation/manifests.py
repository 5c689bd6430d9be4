"""Places in manifests, and manifests with one place changed: copies, which share what was not touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from compliance.model import Json

Manifests = tuple[Json, ...]
Path = tuple[str | int, ...]

_TEMPLATES: Mapping[str, Path] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in manifests: the number of the object, the path inside it, and what is there."""

    number: int
    path: Path
    value: Json

    def at(self, *path: str | int) -> Spot:
        """A place below this one; its value is None where nothing is there."""
        return Spot(self.number, (*self.path, *path), found(self.value, path))

    def each(self, *path: str | int) -> Iterator[Spot]:
        """The entries of a list below this place."""
        below = self.at(*path)
        if isinstance(below.value, list | tuple):
            for index in range(len(below.value)):
                yield below.at(index)


@dataclass(frozen=True, slots=True)
class Mutation:
    """Manifests with one mistake in them, and where it was made: in or beside which object, and at which path."""

    number: int
    place: str
    objects: Manifests


Mutate = Callable[[Manifests], Iterable[Mutation]]
Where = Callable[[Manifests], Iterable[Spot]]
Change = Callable[[Json], Json | None]


def found(value: Json, path: Iterable[str | int]) -> Json:
    """What is at a path; None where there is nothing."""
    for key in path:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list | tuple) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def at(where: Where, change: Change) -> Mutate:
    """The mutations that a change makes at each place; where it returns None, or changes nothing, there is none."""

    def mutate(objects: Manifests) -> Iterator[Mutation]:
        for spot in where(objects):
            changed = change(spot.value)
            if changed is not None and changed != spot.value:
                yield mutation(objects, spot, changed)

    return mutate


def mutation(objects: Manifests, spot: Spot, value: Json) -> Mutation:
    """The manifests with another value at a place."""
    return Mutation(spot.number, place(objects, spot), replaced(objects, spot, value))


def replaced(objects: Manifests, spot: Spot, value: Json) -> Manifests:
    changed = _put(objects[spot.number], spot.path, value)
    return (*objects[: spot.number], changed, *objects[spot.number + 1 :])


def dropped(where: Where) -> Mutate:
    """The mutations that leave out each of these objects."""

    def mutate(objects: Manifests) -> Iterator[Mutation]:
        for spot in where(objects):
            rest = (*objects[: spot.number], *objects[spot.number + 1 :])
            yield Mutation(spot.number, "", rest)

    return mutate


def added(where: Where, make: Change) -> Mutate:
    """The mutations that add an object made of each of these."""

    def mutate(objects: Manifests) -> Iterator[Mutation]:
        for spot in where(objects):
            if (made := make(spot.value)) is not None:
                yield Mutation(spot.number, "(beside it)", (*objects, made))

    return mutate


def setting(**fields: Json) -> Change:
    """A change that sets fields of a map; `a__b` stands for a path."""

    def change(value: Json) -> Json:
        for name, field in fields.items():
            value = with_(value, name.split("__"), field)
        return value

    return change


def without(*path: str) -> Change:
    """A change that leaves out what is at a path; none where nothing is there."""

    def change(value: Json) -> Json | None:
        *above, key = path
        holder = found(value, above)
        if not isinstance(holder, Mapping) or key not in holder:
            return None
        return with_(value, above, {name: entry for name, entry in holder.items() if name != key})

    return change


def instead(field: str, value: Json) -> Change:
    """A change of a field that is there to another value."""
    return lambda holder: (
        with_(holder, field.split("."), value) if found(holder, field.split(".")) is not None else None
    )


def with_(value: Json, path: Iterable[str | int], field: Json) -> Json:
    """A copy with another value at a path; maps on the way are made."""
    return _put(value, tuple(path), field)


def appended(value: Json, field: str, *entries: Json) -> Json:
    """A copy with entries at the end of a list field, which is made if it is not there."""
    return with_(value, [field], [*(found(value, [field]) or ()), *entries])


def both(*changes: Change) -> Change:
    """One change after the other; none if one of them is none."""

    def change(value: Json) -> Json | None:
        for step in changes:
            value = None if value is None else step(value)
        return value

    return change


def of_kind(*kinds: str) -> Where:
    def where(objects: Manifests) -> Iterator[Spot]:
        for number, object_ in enumerate(objects):
            if object_.get("kind") in kinds:
                yield Spot(number, (), object_)

    return where


def every_object(objects: Manifests) -> Iterator[Spot]:
    for number, object_ in enumerate(objects):
        yield Spot(number, (), object_)


def templates(objects: Manifests) -> Iterator[Spot]:
    """The pod template of each workload, or the pod itself."""
    for spot in every_object(objects):
        path = _TEMPLATES.get(str(spot.value.get("kind")))
        if path is not None and (template := spot.at(*path)).at("spec").value:
            yield template


def pods(objects: Manifests) -> Iterator[Spot]:
    """The spec of each pod."""
    for template in templates(objects):
        yield template.at("spec")


def containers(objects: Manifests) -> Iterator[Spot]:
    for pod in pods(objects):
        for field in ("initContainers", "containers"):
            yield from pod.each(field)


def below(where: Where, *path: str | int) -> Where:
    """The same place below each of these, where something is there."""

    def deeper(objects: Manifests) -> Iterator[Spot]:
        for spot in where(objects):
            if (inner := spot.at(*path)).value is not None:
                yield inner

    return deeper


def entries(where: Where, *path: str | int) -> Where:
    """The entries of a list below each of these."""

    def listed(objects: Manifests) -> Iterator[Spot]:
        for spot in where(objects):
            yield from spot.each(*path)

    return listed


def such(where: Where, test: Callable[[Json], bool]) -> Where:
    """Those of these whose value passes a test."""
    return lambda objects: (spot for spot in where(objects) if test(spot.value))


def place(objects: Manifests, spot: Spot) -> str:
    """The path of a place in words: entries of lists by name where they have one, else by number."""
    words, value = "", objects[spot.number]
    for key in spot.path:
        value = found(value, [key])
        if isinstance(key, int):
            name = value.get("name") if isinstance(value, Mapping) else None
            words += f"[{name if isinstance(name, str) else key}]"
        else:
            words += f".{key}" if words else str(key)
    return words


def _put(value: Json, path: Path, field: Json) -> Json:
    if not path:
        return field
    key, *rest = path
    if isinstance(key, int):
        items = list(value)
        items[key] = _put(items[key], tuple(rest), field)
        return items
    below_ = value.get(key) if isinstance(value, Mapping) else None
    return {**(value or {}), key: _put(below_, tuple(rest), field)}
