"""The rules' examples, made of the base rendering that comes with the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsonpatch

from compliance import yaml_files
from compliance.policies import BASE_EXAMPLE, Example, Policies


def base_of(policies: Policies) -> tuple[dict[str, Any], ...]:
    """The objects of the base rendering; none where the rules come without one."""
    content = policies.files.get(BASE_EXAMPLE)
    return () if content is None else tuple(yaml_files.load(content.decode(), BASE_EXAMPLE))


def materialised(base: Sequence[Mapping[str, Any]], example: Example) -> list[dict[str, Any]]:
    """The base with the example's change: patches address objects as /<Kind>/<name>/… ."""
    return _objects(_patched(_keyed(base), example.patch))


def remedied(base: Sequence[Mapping[str, Any]], example: Example) -> list[dict[str, Any]]:
    """What the example made, with its remedy's change."""
    return _objects(_patched(_patched(_keyed(base), example.patch), example.remedy))


def _keyed(base: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    keyed: dict[str, Any] = {}
    for object_ in base:
        keyed.setdefault(object_["kind"], {})[object_["metadata"]["name"]] = object_
    return keyed


def _patched(keyed: dict[str, Any], patch: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kinds = [operation["path"].split("/")[1] for operation in patch if operation["op"] in ("add", "move", "copy")]
    changed: dict[str, Any] = jsonpatch.apply_patch({kind: {} for kind in kinds} | keyed, list(patch))
    return changed


def _objects(keyed: dict[str, Any]) -> list[dict[str, Any]]:
    return [object_ for _, named in sorted(keyed.items()) for _, object_ in sorted(named.items())]
