"""The cluster's cgroups: one subtree in each hierarchy, of version 1 or 2."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.node.layout import CGROUP

GONE_WITHIN = 10.0
# Ten times the default, of version 1 and 2. Otherwise all pods together get no more than one thread of the programs
# that run beside them, which have a slice of their own on other nodes.
OF_THE_PROCESSOR = {"cpu.shares": "10240", "cpu.weight": "1000"}


def hierarchies() -> list[Path]:
    """Where cgroups are mounted."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    return [Path(fields[1]) for fields in mounts if fields[2] in ("cgroup", "cgroup2")]


def make() -> None:
    for hierarchy in hierarchies():
        folder = hierarchy / CGROUP
        folder.mkdir(exist_ok=True)
        for name, value in OF_THE_PROCESSOR.items():
            if (folder / name).exists():
                (folder / name).write_text(value)


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
