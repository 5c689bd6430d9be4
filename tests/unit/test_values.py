from __future__ import annotations

import helm_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.values import canonical_json, digest, get, merge, put
from tests.project import chart


def test_maps_merge_key_by_key_and_lists_are_replaced() -> None:
    defaults = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(defaults, {"a": {"c": [3]}, "e": 2}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": 2}


def test_null_removes_a_default() -> None:
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}) == {"a": {"c": 2}}


def test_a_path_that_does_not_exist_is_null() -> None:
    assert get({"a": {"b": 0}}, "a.b") == 0
    assert get({"a": {"b": 0}}, "a.x.y") is None
    assert get({"a": [1]}, "a.b") is None


def test_put_leaves_the_original_alone() -> None:
    values = {"a": {"b": 1}}
    assert put(values, "a.c", 2) == {"a": {"b": 1, "c": 2}}
    assert values == {"a": {"b": 1}}


def test_equal_documents_have_one_digest_whatever_the_order_of_their_keys() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert canonical_json({"b": "ü", "a": None}) == '{"a":null,"b":"ü"}'


leaf = (
    st.none() | st.booleans() | st.integers(0, 9) | st.text("ab", max_size=2) | st.lists(st.integers(0, 3), max_size=2)
)
tree = st.recursive(leaf, lambda below: st.dictionaries(st.sampled_from("xyz"), below, max_size=3), max_leaves=8)


@pytest.fixture(scope="module")
def handle(tmp_path_factory: pytest.TempPathFactory) -> helm_python.Chart:
    folder = tmp_path_factory.mktemp("charts")
    return helm_python.Chart.create("merged", folder)


@given(overrides=st.dictionaries(st.sampled_from(["image", "service", "replicaCount", "new"]), tree, max_size=4))
def test_merging_agrees_with_helm(handle: helm_python.Chart, overrides: dict[str, object]) -> None:
    assert _without_nulls(merge(handle.values, overrides)) == _without_nulls(handle.merge_values(overrides))


def _without_nulls(value: object) -> object:
    """Helm keeps a null that has no default in its merged values; templates see no difference."""
    if isinstance(value, dict):
        return {key: _without_nulls(child) for key, child in value.items() if child is not None}
    return value


def test_merging_agrees_with_helm_on_the_chart_s_examples(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("chart")
    for name, data in chart().packaged.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    loaded = helm_python.Chart.load(root)
    for values in chart().examples.values():
        assert _without_nulls(merge(chart().defaults, values)) == _without_nulls(loaded.merge_values(dict(values)))
