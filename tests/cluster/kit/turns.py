"""Turns: how many tests do something at once, in whichever of pytest's workers they run."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

LOOKS_EVERY = 0.1


@contextmanager
def turn(folder: Path, places: int) -> Iterator[None]:
    """Wait for one of some places, and have it while the block runs; the kernel frees that of a process that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [stack.enter_context((folder / str(place)).open("w")) for place in range(places)]
        while not any(_taken(file) for file in files):
            time.sleep(LOOKS_EVERY)
        yield


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
