"""report.md: the same, for reading in a terminal, a pull request or a wiki."""

from __future__ import annotations

from compliance.formats import _view
from compliance.model import Run

FILE = "report.md"
PER_FRAMEWORK = True


def render(run: Run) -> bytes:
    return _view.render("report.md.j2", run)
