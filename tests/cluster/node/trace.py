"""What a cluster could leave on a machine, as sorted lines: two snapshots that are equal mean that nothing is left."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.cluster.node.cgroups import hierarchies
from tests.cluster.node.layout import CGROUP, STATE, environment
from tests.cluster.services.processes import MARK

# Names that Kubernetes and containerd give cgroups; others on the machine come and go with whatever else runs there.
CGROUPS = (CGROUP, "kubepods", "k8s.io", "kubelet", "system.slice:containerd")
# Settings that change by themselves.
VOLATILE = (
    "random",
    "pty/nr",
    "inode-",
    "dentry-state",
    "file-nr",
    "ns_last_pid",
    "conntrack_count",
    "oops_count",
    "aio-nr",
    "quota/",
)
PLACES = ("/run", "/var/lib", "/var/cache", "/var/log", "/dev/shm", "/var/run/netns", "/etc/cni", "/opt/cni")  # noqa: S108
NAMESPACES = ("pid", "mnt", "net", "ipc")


def lines() -> list[str]:
    return sorted(
        [*processes(), *_mounts(), *_links(), *_rules(), *_cgroups(), *_settings(), *_files(), *_shared_memory()]
    )


def processes() -> set[str]:
    return {f"process {process.name} {name} {elsewhere}" for process, name, elsewhere in _processes()}


def difference(before: list[str], after: list[str]) -> list[str]:
    gone, new = set(before) - set(after), set(after) - set(before)
    return sorted([f"- {line}" for line in gone] + [f"+ {line}" for line in new])


def memory() -> int:
    """The bytes of memory that the cluster's processes use, shared pages divided among those that share them."""
    found = 0
    for process, _, _ in _processes():
        with suppress(FileNotFoundError, ProcessLookupError):
            pages = (process / "smaps_rollup").read_text()
            found += sum(int(line.split()[1]) * 1024 for line in pages.splitlines() if line.startswith("Pss:"))
    return found


def _processes() -> Iterator[tuple[Path, str, list[str]]]:
    """Those that are marked as the cluster's, or live in namespaces other than this process's."""
    own = {kind: Path(f"/proc/self/ns/{kind}").readlink() for kind in NAMESPACES}
    for process in Path("/proc").glob("[0-9]*"):
        # Processes end while they are looked at.
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            name = (process / "comm").read_text().strip()
            elsewhere = [kind for kind in NAMESPACES if (process / "ns" / kind).readlink() != own[kind]]
            if elsewhere or f"{MARK}=".encode() in (process / "environ").read_bytes():
                yield process, name, elsewhere


def _mounts() -> Iterator[str]:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        yield f"mount {line}"


def _links() -> Iterator[str]:
    for what in ("link", "address", "route", "rule", "netns"):
        for line in _output("ip", "-oneline", what, "show" if what != "netns" else "list"):
            yield f"{what} {line}"


def _rules() -> Iterator[str]:
    for command in ("iptables-save", "ip6tables-save", "ipset save"):
        for line in _output(*command.split()):
            if not line.startswith("#"):
                yield f"{command}: {line}"


def _cgroups() -> Iterator[str]:
    for hierarchy in hierarchies():
        for path in hierarchy.iterdir():
            if path.is_dir() and path.name in CGROUPS:
                yield f"cgroup {path}"


def _settings() -> Iterator[str]:
    for path in Path("/proc/sys").rglob("*"):
        name = str(path.relative_to("/proc/sys"))
        if any(part in name for part in VOLATILE) or not path.is_file():
            continue
        with suppress(OSError):
            yield f"setting {name} = {path.read_text(errors='replace').strip()}"


def _files() -> Iterator[str]:
    for place in map(Path, PLACES):
        if place.is_dir():
            yield from (f"file {path}" for path in place.iterdir())
    if STATE.exists():
        yield f"file {STATE}"


def _shared_memory() -> Iterator[str]:
    for kind in ("shm", "sem", "msg"):
        for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]:
            # Key and number; the rest changes with use.
            yield f"{kind} {' '.join(line.split()[:2])}"


def _output(*command: str) -> list[str]:
    if not shutil.which(command[0], path=environment()["PATH"]):
        return []
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return done.stdout.splitlines()
