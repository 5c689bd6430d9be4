"""The words in which the chart's guards refuse values, written here for Python and read back from Helm's errors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.constraints import Constraint
from compliance.model import Reason, ReasonKind

_HEAD = re.compile(r"refused by \d+ constraints?:")
_ENTRY = re.compile(r"^ *\[([a-z0-9-]+)\] (.*)$", re.MULTILINE)


def reasons_of(constraints: Iterable[Constraint]) -> tuple[Reason, ...]:
    return tuple(Reason(ReasonKind.CONSTRAINT, c.id, f"{c.message} (see {c.docs})") for c in constraints)


def constraint_reasons(error: str) -> tuple[Reason, ...]:
    """The constraints that a Helm error names; empty if it is not a refusal by the guards."""
    head = _HEAD.search(error)
    if head is None:
        return ()
    return tuple(Reason(ReasonKind.CONSTRAINT, id_, text) for id_, text in _ENTRY.findall(error[head.end() :]))
