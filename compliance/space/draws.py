"""Random draws beyond the named levels, by Hypothesis: they claim no coverage, they look where nobody thought to.

Each draw starts from an allowed assignment and gives a few numeric and free-form leaves values of their own, within
what the schema says. Same seed and same Hypothesis version, same draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from compliance.space.factors import Leaf
from compliance.space.solver import Model


def drawn_levels(
    model: Model, leaves: Sequence[Leaf], rows: Sequence[Sequence[int]], number: int, seed_: int
) -> list[Mapping[str, Any]]:
    """`number` assignments of values to keys: a covering row with up to four leaves drawn from their schema."""
    drawn: list[Mapping[str, Any]] = []
    strategies = {leaf.path: strategy for leaf in leaves if (strategy := _strategy(leaf)) is not None}
    if not (number and rows and strategies):
        return drawn

    @seed(seed_)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        row=st.sampled_from(rows),
        own=st.lists(st.sampled_from(sorted(strategies)), max_size=4, unique=True).flatmap(
            lambda paths: st.fixed_dictionaries({path: strategies[path] for path in paths})
        ),
    )
    def draw(row: Sequence[int], own: dict[str, Any]) -> None:
        drawn.append(model.levels(dict(enumerate(row))) | own)

    draw()
    return drawn[:number]


def _strategy(leaf: Leaf) -> st.SearchStrategy[Any] | None:
    """Values that the leaf's schema allows and no level names; None for leaves whose levels are all there is."""
    node = leaf.node
    types = node.get("type")
    types = types if isinstance(types, list) else [types]
    if "enum" in node:
        return None
    if "integer" in types:
        low = int(node.get("minimum", 0))
        return st.integers(low, int(node.get("maximum", low + 1000)))
    if "string" in types and "pattern" in node:
        return st.from_regex(node["pattern"], fullmatch=True, alphabet=st.characters(codec="ascii")).filter(
            lambda text: int(node.get("minLength", 0)) <= len(text) <= int(node.get("maxLength", 63))
        )
    return None
