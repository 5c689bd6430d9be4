"""Waiting: by looking again and again, until a deadline."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import TypeVar

EVERY = 0.2
# The longer it takes, the less a moment matters: looks are a twentieth of the time so far apart, a second at most.
SHARE, AT_MOST = 0.05, 1.0

Found = TypeVar("Found")


class NotWithinError(AssertionError):
    """What was waited for did not come in time."""


def until(
    what: str,
    look: Callable[[], Found | None],
    within: float,
    every: float = EVERY,
    explain: Callable[[], str] = lambda: "",
) -> Found:
    """What `look` finds, as soon as that is neither None nor False; a failed assertion in it counts as not yet.

    When the time is over, the message says what was waited for, what `look` last came to, and what `explain` adds.
    """
    begin = time.monotonic()
    end = begin + within
    while True:
        try:
            found = look()
            last = repr(found)
        except (AssertionError, OSError, http.client.HTTPException) as error:
            found, last = None, f"{type(error).__name__}: {error}"
        if found is not None and found is not False:
            return found
        if time.monotonic() > end:
            raise NotWithinError(f"{what}: not within {within:g} s; last seen: {last}\n{explain()}")
        time.sleep(max(every, min(AT_MOST, SHARE * (time.monotonic() - begin))))
