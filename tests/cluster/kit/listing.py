"""The list of scenarios that docs/cluster-tests.md shows, made from the scenarios themselves."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from tests.cluster.kit.scenario import MARKER, REPEATED
from tests.place import ROOT

PAGE = ROOT / "docs" / "cluster-tests.md"
FOLDER = ROOT / "tests" / "cluster" / "scenarios"
BEGIN, END = "<!-- scenarios: begin -->", "<!-- scenarios: end -->"


def page() -> str:
    """The page, with the list as it should be."""
    listed = f"{BEGIN}\n{table()}\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: listed, PAGE.read_text(), flags=re.DOTALL)


def table() -> str:
    rows = sorted(row for module in _modules() for row in _rows(module))
    return "\n".join(["| scenario | what it shows | repeated |", "|---|---|---|", *rows])


def _modules() -> Iterator[ModuleType]:
    for path in FOLDER.glob("test_*.py"):
        yield importlib.import_module(f"tests.cluster.scenarios.{path.stem}")


def _rows(module: ModuleType) -> Iterator[str]:
    for test in vars(module).values():
        marks: dict[str, Any] = {mark.name: mark for mark in getattr(test, "pytestmark", ())}
        if MARKER in marks and test.__module__ == module.__name__:
            facts = marks[MARKER].kwargs
            variants = [str(each) for each in marks["parametrize"].args[1]] if "parametrize" in marks else []
            of = f" ({', '.join(variants)})" if variants else ""
            yield f"| `{facts['id']}`{of} | {facts['shows']} | {'yes' if REPEATED in marks else ''} |"
