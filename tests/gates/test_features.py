"""docs/features.md: no row dangles. Each names the values that switch a feature, an example with them and its test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.place import ROOT
from tests.project import in_schema, rendering

PAGE = ROOT / "docs/features.md"
CODE = re.compile(r"`([^`]+)`")
STATUSES = {"yes", "otherwise", "no"}


@dataclass(frozen=True)
class Row:
    """One feature. `built` is yes, otherwise (in another way than asked) or no; `note` has the reason."""

    feature: str
    built: str
    values: tuple[str, ...]
    examples: tuple[str, ...]
    tests: tuple[str, ...]
    note: str


def _rows() -> list[Row]:
    lines = [
        line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| Feature")
    ]
    return [_row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def _row(feature: str, built: str, values: str, examples: str, tests: str, note: str) -> Row:
    return Row(feature, built, _names(values), _names(examples), _names(tests), note)


def _names(cell: str) -> tuple[str, ...]:
    return tuple(CODE.findall(cell))


ROWS = _rows()
BUILT = [row for row in ROWS if row.built != "no"]


def test_there_are_dozens_of_rows_and_none_twice() -> None:
    assert len(ROWS) > 110
    assert sorted({row.feature for row in ROWS}) == sorted(row.feature for row in ROWS)
    assert {row.built for row in ROWS} <= STATUSES


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row.feature)
def test_a_feature_has_values_an_example_and_a_test(row: Row) -> None:
    assert row.values, "which values switch it?"
    assert [path for path in row.values if not in_schema(path)] == []
    assert row.examples, "which example shows it?"
    assert [name for name in row.examples if not (ROOT / "spicedb" / name).is_file()] == []
    assert row.tests, "which test proves it?"
    assert [name for name in row.tests if not _is_test(name)] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.built != "yes"], ids=lambda row: row.feature)
def test_what_is_not_as_asked_has_a_reason(row: Row) -> None:
    assert row.note


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row.feature)
def test_an_example_sets_each_value_of_its_feature(row: Row) -> None:
    shown = [yaml.safe_load((ROOT / "spicedb" / name).read_text()) for name in row.examples]
    assert [path for path in row.values if not any(_sets(values, path) for values in shown)] == []


@pytest.mark.parametrize("file", sorted((ROOT / "spicedb/ci").iterdir()), ids=lambda file: file.name)
def test_a_file_of_values_for_tests_renders(file: Path) -> None:
    rendering(yaml.safe_load(file.read_text()))


def _sets(values: Mapping[str, Any], path: str) -> bool:
    node: Any = values
    for key in path.split("."):
        if not isinstance(node, Mapping) or key not in node:
            return False
        node = node[key]
    return True


def _is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and f"\ndef {function}(" in path.read_text()
