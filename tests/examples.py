"""The rules' examples: the base rendering, and each example made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import jsonpatch
import yaml

from compliance.policies import BASE_EXAMPLE, Example
from tests.project import policies


@cache
def base() -> tuple[dict[str, Any], ...]:
    """The objects of the base rendering."""
    return tuple(yaml.safe_load(policies().files[BASE_EXAMPLE]))


def examples() -> tuple[Example, ...]:
    return policies().examples


def materialised(example: Example) -> list[dict[str, Any]]:
    """The base with the example's change: patches address objects as /<Kind>/<name>/…"""
    return _objects(_patched(_keyed(), example.patch))


def remedied(example: Example) -> list[dict[str, Any]]:
    """What the example made, with its remedy's change."""
    return _objects(_patched(_patched(_keyed(), example.patch), example.remedy))


def _keyed() -> dict[str, Any]:
    keyed: dict[str, Any] = {}
    for object_ in base():
        keyed.setdefault(object_["kind"], {})[object_["metadata"]["name"]] = object_
    return keyed


def _patched(keyed: dict[str, Any], patch: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kinds = [operation["path"].split("/")[1] for operation in patch if operation["op"] in ("add", "move", "copy")]
    changed: dict[str, Any] = jsonpatch.apply_patch({kind: {} for kind in kinds} | keyed, list(patch))
    return changed


def _objects(keyed: dict[str, Any]) -> list[dict[str, Any]]:
    return [object_ for _, named in sorted(keyed.items()) for _, object_ in sorted(named.items())]
