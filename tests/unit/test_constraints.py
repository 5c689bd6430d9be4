from __future__ import annotations

from typing import Any

import pytest

from compliance.constraints import broken, matches, read_constraints
from compliance.errors import InputError


@pytest.mark.parametrize(
    ("matcher", "matching", "other"),
    [
        ({"equals": 1}, [1, 1.0], [2, "1", True, None]),
        ({"equals": True}, [True], [False, 1, "true", None]),
        ({"oneOf": ["a", "b"]}, ["a", "b"], ["c", None]),
        ({"set": True}, [0, False, "x", [0], {"a": 1}], [None, "", [], {}]),
        ({"absent": True}, [None, "", [], {}], [0, False, "x"]),
        ({"min": 2}, [2, 2.5], [1, "2", True, None]),
        ({"max": 2}, [2, 0], [3, "2", False, None]),
        ({"pattern": "^a+$"}, ["a", "aa"], ["b", "aa\n", 1, None]),
        ({"not": {"equals": "a"}}, ["b", None], ["a"]),
    ],
)
def test_matchers(matcher: dict[str, Any], matching: list[Any], other: list[Any]) -> None:
    assert [value for value in matching if not matches(value, matcher)] == []
    assert [value for value in other if matches(value, matcher)] == []


def test_every_broken_constraint_is_named_in_the_order_of_the_file() -> None:
    constraints = read_constraints(
        {
            "constraints": [
                _entry("b", when={"x": {"equals": 1}}, require={"y": {"set": True}}),
                _entry("a", require={"x": {"max": 0}}),
                _entry("c", require={"x": {"min": 1}, "z": {"absent": True}}),
            ]
        },
        "constraints.yaml",
    )
    assert [c.id for c in broken(constraints, {"x": 1})] == ["b", "a"]
    assert [c.id for c in broken(constraints, {"x": 0, "z": 1})] == ["c"]
    assert [c.id for c in broken(constraints, {"x": 0})] == ["c"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"require": {"x": {"set": True}}}, "entry 1: must be a map with an id"),
        (None, "entry 1: must be a map with an id"),
        ({"id": "A B"}, r"\(A B\): an id is lower-case words joined by dashes"),
        ({"id": "a", "requires": {}}, r"\(a\): unknown keys \['requires'\]"),
        ({"id": "a", "message": "m", "docs": "d"}, "requires nothing|maps from values paths"),
        ({"id": "a", "message": "m", "docs": "d", "require": {"x": {"is": 1}}}, r"\(a\): x: needs exactly one matcher"),
        ({"id": "a", "message": "m", "docs": "d", "require": {"x": {"set": 1}}}, "the matcher 'set' can't take 1"),
        ({"id": "a", "message": "m", "docs": "d", "require": {"x": {"pattern": "("}}}, "not a regular expression"),
        ({"id": "a", "message": "m", "docs": "d", "require": {"x": {"not": {"min": "1"}}}}, "'min' can't take '1'"),
    ],
)
def test_an_entry_that_can_not_be_read_is_named(entry: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_constraints({"constraints": [entry]}, "constraints.yaml")


def test_an_id_may_be_used_once() -> None:
    entry = _entry("a", require={"x": {"set": True}})
    with pytest.raises(InputError, match="the id 'a' is used more than once"):
        read_constraints({"constraints": [entry, entry]}, "constraints.yaml")


def _entry(id_: str, **rest: Any) -> dict[str, Any]:
    return {"id": id_, "message": "m", "docs": "d", **rest}
