"""report.html: one file, no network, readable without JavaScript, printable."""

from __future__ import annotations

from compliance.formats import _view
from compliance.model import Run

FILE = "report.html"
PER_FRAMEWORK = True


def render(run: Run) -> bytes:
    return _view.render("report.html.j2", run)
