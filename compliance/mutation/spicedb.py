"""SpiceDB's containers in manifests, and changes of what they are set to."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation import manifests
from compliance.mutation.manifests import Change, Manifests, Spot, appended


def containers(objects: Manifests) -> Iterator[Spot]:
    """The containers that run SpiceDB: its server or its migration."""
    return (spot for spot in manifests.containers(objects) if command(spot.value))


def servers(objects: Manifests) -> Iterator[Spot]:
    return (spot for spot in manifests.containers(objects) if command(spot.value) == "serve")


def migrations(objects: Manifests) -> Iterator[Spot]:
    return (spot for spot in manifests.containers(objects) if command(spot.value) == "migrate")


def command(container: Json) -> str:
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    return next((word for word in ("serve", "migrate") if word in words), "")


def variables(objects: Manifests) -> Iterator[Spot]:
    """The entries of the environment of SpiceDB's containers."""
    for container in containers(objects):
        yield from container.each("env")


def value(container: Json, name: str) -> Json | None:
    """The literal value of a variable; None where there is none."""
    return next((entry.get("value") for entry in container.get("env") or () if entry.get("name") == name), None)


def has(container: Json, name: str) -> bool:
    return any(entry.get("name") == name for entry in container.get("env") or ())


def unset(name: str) -> Change:
    """Leaves a variable out, where it is set."""

    def change(container: Json) -> Json | None:
        if not has(container, name):
            return None
        return {**container, "env": [entry for entry in container["env"] if entry.get("name") != name]}

    return change


def reset(name: str, text: str) -> Change:
    """Gives a variable that is set another value, literally."""

    def change(container: Json) -> Json | None:
        if not has(container, name):
            return None
        changed = {"name": name, "value": text}
        return {**container, "env": [changed if e.get("name") == name else e for e in container["env"]]}

    return change


def set_(name: str, text: str) -> Change:
    """Gives a variable a value, set or not."""
    return lambda container: reset(name, text)(container) or appended(container, "env", {"name": name, "value": text})
