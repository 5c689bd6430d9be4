"""The rules' examples: the base rendering, and each example made of it."""

from __future__ import annotations

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
    keyed: dict[str, dict[str, Any]] = {}
    for object_ in base():
        keyed.setdefault(object_["kind"], {})[object_["metadata"]["name"]] = object_
    for operation in example.patch:
        kind = operation["path"].split("/")[1]
        if operation["op"] == "add":
            keyed.setdefault(kind, {})
    changed = jsonpatch.apply_patch(keyed, list(example.patch))
    return [object_ for _, named in sorted(changed.items()) for _, object_ in sorted(named.items())]
