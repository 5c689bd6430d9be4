"""docs/features.md: no row dangles. Each names the values that switch a feature, an example and the test for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.project import ROOT, in_schema

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
    assert len(ROWS) > 70
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


def _is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and f"\ndef {function}(" in path.read_text()
