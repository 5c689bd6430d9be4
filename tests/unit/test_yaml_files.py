from __future__ import annotations

import pytest

from compliance.errors import InputError
from compliance.yaml_files import line_of, load, load_map


def test_a_document_is_read() -> None:
    assert load("a: [1, {b: null}]\n", "x.yaml") == {"a": [1, {"b": None}]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", "x.yaml:2: not valid YAML"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: not valid YAML: the key 'a' is written twice"),
        ("- a\n", "x.yaml: must be a map of keys to values, not list"),
        ("", "x.yaml: must be a map of keys to values, not NoneType"),
    ],
)
def test_what_can_not_be_read_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_map(text, "x.yaml")


def test_the_line_of_a_key() -> None:
    text = "# head\na:\n  b: 1\n  c:\n    d: 2\n"
    assert [line_of(text, path) for path in ("a", "a.b", "a.c.d", "a.x", "a.b.c")] == [2, 3, 5, None, None]
