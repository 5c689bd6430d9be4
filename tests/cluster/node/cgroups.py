"""The cluster's cgroups: one subtree in each hierarchy, of version 1 or 2."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.node.layout import CGROUP

GONE_WITHIN = 10.0


def hierarchies() -> list[Path]:
    """Where cgroups are mounted."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    return [Path(fields[1]) for fields in mounts if fields[2] in ("cgroup", "cgroup2")]


def make() -> None:
    for hierarchy in hierarchies():
        (hierarchy / CGROUP).mkdir(exist_ok=True)


def exist() -> bool:
    return any((hierarchy / CGROUP).exists() for hierarchy in hierarchies())


def remove() -> list[Path]:
    """Remove the subtrees; what stays is returned. Kernel and processes take a moment to let go."""
    end = time.monotonic() + GONE_WITHIN
    while left := list(_removable()):
        for folder in left:
            try:
                folder.rmdir()
            except OSError:
                if time.monotonic() > end:
                    return left
                time.sleep(0.02)
    return []


def _removable() -> Iterator[Path]:
    """The innermost folders first."""
    for hierarchy in hierarchies():
        top = hierarchy / CGROUP
        yield from sorted((path for path in (top, *top.rglob("*")) if path.is_dir()), key=lambda path: -len(path.parts))
