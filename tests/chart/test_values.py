"""The chart's values: closed, described, and none without effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from compliance.space.factors import leaves_of, resolve
from compliance.values import get, put
from tests.project import chart, refused, rendered

LEAVES = leaves_of(chart())


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.path)
def test_the_schema_s_default_is_that_of_the_values_file(leaf: Any) -> None:
    if leaf.path != "global":
        assert leaf.node["default"] == get(chart().defaults, leaf.path)


def test_the_values_file_has_no_key_that_the_schema_lacks() -> None:
    known = {leaf.path for leaf in LEAVES}
    assert [path for path in _paths(chart().defaults, known) if path not in known] == []


def test_every_leaf_is_described_in_a_sentence() -> None:
    assert [leaf.path for leaf in LEAVES if not leaf.node.get("description", "").endswith(".")] == []


def test_no_key_is_required_that_is_null_by_default() -> None:
    """Helm drops such a key before it looks at the schema, where the chart is part of another."""
    groups = _groups(chart().schema, "")
    required = [f"{path}.{key}".lstrip(".") for path, node in groups for key in node.get("required", [])]
    assert len(required) > 100
    assert [path for path in required if get(chart().defaults, path) is None] == []


def test_a_mistyped_key_is_refused_at_every_depth() -> None:
    groups = [path for path, node in _groups(chart().schema, "") if path != "global"]
    assert len(groups) > 20
    for group in groups:
        typo = put({}, f"{group}.tyop" if group else "tyop", 1)
        assert refused(typo) == [group], group


@pytest.mark.parametrize("key", ["mypassword", "with blank-but-long-enough", 'quoted"key-long-enough', "a,b", ""])
def test_a_preshared_key_that_spicedb_would_misread_is_refused(key: str) -> None:
    values = put({"config": {"datastoreEngine": "memory"}}, "secretData.presharedKey", key)
    if key:
        assert refused(values) == ["preshared-key-is-well-formed"]
    else:
        assert rendered(values)


def _paths(values: Mapping[str, Any], leaves: set[str], prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping) and path not in leaves:
            yield from _paths(value, leaves, path)
        else:
            yield path


def _groups(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    node = resolve(chart().schema, node, path)
    if "properties" in node:
        yield path, node
        for key, child in node["properties"].items():
            yield from _groups(child, f"{path}.{key}" if path else key)
