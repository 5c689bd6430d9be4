"""The chart's values: closed, described, and none without effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from compliance.model import Case, OriginKind, Rendering
from compliance.space.cases import whole_space
from compliance.space.factors import Leaf, leaves_of, resolve
from compliance.values import get, put
from tests.project import NEWEST, case, chart, refused, rendered, renderer, rendering

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


def test_a_mistyped_key_is_refused_at_every_depth() -> None:
    groups = [path for path, node in _groups(chart().schema, "") if path != "global"]
    assert len(groups) > 20
    for group in groups:
        typo = put({}, f"{group}.tyop" if group else "tyop", 1)
        assert refused(typo) == [group], group


# No example has a Secret of the chart's own for a SQL engine, and RDS takes several keys at once: pairs that differ so.
INLINE = {
    "config": {"datastoreEngine": "postgres"},
    "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b"},
    "networkPolicy": {"enabled": False},
}
RDS = put(chart().examples["production-postgres-podidentity.yaml"], "profile", "development")
BY_HAND = {
    "secretData.datastoreURI": (INLINE, put(INLINE, "secretData.datastoreURI", "postgres://a/c")),
    "aws.rds.enabled": (RDS, put(RDS, "aws", {})),
    "aws.rds.sslMode": (RDS, put(put(RDS, "aws.rds.sslMode", "require"), "config.tls.datastore", {})),
}


def test_every_value_changes_what_is_rendered() -> None:
    """Some example with the key changed, and what must follow it, renders something else; or some covering row does.

    The profile only refuses.
    """
    cases = {found.id: found for found in whole_space(chart(), ["development"], [NEWEST], 0, 1).cases}
    digests = {id_: outcome.digest for id_ in cases if isinstance(outcome := renderer().render(cases[id_]), Rendering)}
    live = {c.origin.key for c in cases.values() if digests.get(c.id, "") not in ("", digests.get(c.origin.base))}
    live |= {key for key, (one, other) in BY_HAND.items() if rendering(one).digest != rendering(other).digest}
    varied = {leaf.path for leaf in LEAVES if leaf.is_varied}
    rows = [found for found in cases.values() if found.origin.kind is OriginKind.COVERING]
    dead = [leaf for leaf in LEAVES if leaf.path in varied - live]
    live |= {leaf.path for leaf in dead if any(_is_live_in(leaf, row, digests[row.id]) for row in rows)}
    only_refused = {"profile", "aws.rds.tokenRefresh.initContainer", "aws.rds.tokenRefresh.sidecar"}
    only_in_notes = {"aws.podIdentity.roleArn"}
    assert varied - live == only_refused | only_in_notes


def _is_live_in(leaf: Leaf, row: Case, digest: str) -> bool:
    """Whether another level of the leaf is accepted in this row and renders something else."""
    others = (case(put(row.values, leaf.path, level)) for level in leaf.levels)
    outcomes = (renderer().render(other) for other in others if other.id != row.id)
    return any(isinstance(outcome, Rendering) and outcome.digest != digest for outcome in outcomes)


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
