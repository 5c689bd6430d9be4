"""Factors and their levels, read from the chart's values.schema.json.

A leaf is a schema node without `properties`. Its levels are the default, the members of its `enum`, both truth values
of a boolean, and its `examples`. A leaf with fewer than two levels is not varied, which is reported, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from compliance.chart import Chart
from compliance.errors import InputError
from compliance.values import canonical_json, get, merge, put

PROFILE = "profile"
KUBERNETES = "kubernetes"


@dataclass(frozen=True)
class Leaf:
    """One leaf of the schema: its dotted path, its node with `$ref` resolved, and its levels, the default first."""

    path: str
    node: Mapping[str, Any]
    levels: tuple[Any, ...]

    @property
    def is_varied(self) -> bool:
        return len(self.levels) > 1


@dataclass(frozen=True)
class Factor:
    """Something that varies: a leaf, or the Kubernetes version that Helm is told to render for."""

    key: str
    levels: tuple[Any, ...]


@lru_cache(maxsize=4)
def leaves_of(chart: Chart) -> tuple[Leaf, ...]:
    """Every leaf of the chart's schema, by path. Raises InputError for a default that values.yaml does not have."""
    return tuple(sorted(_leaves(chart, chart.schema, ""), key=lambda leaf: leaf.path))


def factors_of(chart: Chart, kubernetes: Sequence[str]) -> tuple[Factor, ...]:
    """What varies under one profile: the varied leaves but `profile`, and the Kubernetes version, newest first."""
    varied = [Factor(leaf.path, leaf.levels) for leaf in leaves_of(chart) if leaf.is_varied and leaf.path != PROFILE]
    return (*varied, Factor(KUBERNETES, tuple(reversed(kubernetes))))


def values_of(chart: Chart, profile: str, levels: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The values (what differs from the defaults) and the Kubernetes version that an assignment of levels means."""
    values: dict[str, Any] = {}
    assignment = {**levels, PROFILE: profile} if PROFILE in chart.defaults else dict(levels)
    kubernetes = assignment.pop(KUBERNETES, None)
    for path, level in sorted(assignment.items()):
        if canonical_json(get(chart.defaults, path)) != canonical_json(level):
            values = put(values, path, level)
    return values, kubernetes


def flags_between(chart: Chart, base: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[str, ...]:
    """The `--set-json` flags that turn one values file into another, one a leaf of the schema."""
    merged, wanted = merge(chart.defaults, base), merge(chart.defaults, values)
    pairs = ((leaf.path, get(merged, leaf.path), get(wanted, leaf.path)) for leaf in leaves_of(chart))
    return tuple(f"--set-json '{path}={canonical_json(new)}'" for path, old, new in pairs if _differ(old, new))


def _differ(old: Any, new: Any) -> bool:
    """Whether two values are different JSON. Most are one and the same, or plain and of one type: quick to see."""
    if old is new:
        return False
    if type(old) is type(new) and isinstance(old, str | int):
        return bool(old != new)
    return canonical_json(old) != canonical_json(new)


def _leaves(chart: Chart, node: Mapping[str, Any], path: str) -> Iterator[Leaf]:
    node = resolve(chart.schema, node, path)
    if "properties" in node:
        for key, child in node["properties"].items():
            yield from _leaves(chart, child, f"{path}.{key}" if path else key)
    elif path:
        yield Leaf(path, node, _levels(chart, node, path))


def resolve(schema: Mapping[str, Any], node: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """A schema node with a local `$ref` replaced by what it points at; keywords beside the `$ref` win."""
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = schema
    if not str(reference).startswith("#/"):
        raise InputError(f"values.schema.json: {path}: the $ref '{reference}' leaves the file")
    for part in str(reference).removeprefix("#/").split("/"):
        target = target.get(part) if isinstance(target, Mapping) else None
    if not isinstance(target, Mapping):
        raise InputError(f"values.schema.json: {path}: the $ref '{reference}' points at nothing")
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {**resolve(schema, target, path), **beside}


def _levels(chart: Chart, node: Mapping[str, Any], path: str) -> tuple[Any, ...]:
    default = get(chart.defaults, path)
    options = [default, *node.get("enum", ()), *node.get("examples", ())]
    if node.get("type") == "boolean":
        options += [True, False]
    distinct = {canonical_json(option): option for option in reversed(options)}
    return tuple(distinct[text] for text in dict.fromkeys(canonical_json(option) for option in options))
