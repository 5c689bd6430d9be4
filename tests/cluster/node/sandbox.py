"""The namespaces that hold the cluster. They have one first process, and all in them ends with it, by one signal.

Network, mounts, processes and System V IPC are the cluster's own. Files of this machine are seen but for /run, /var/lib
and /var/log, which are empty; settings of the kernel that the kubelet insists on are copies, so the machine's stay as
they are.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.cluster.node.layout import (
    BIN,
    HOST,
    HOST_LINK,
    LOGS,
    NODE,
    NODE_LINK,
    POD_IDENTITY_AGENT,
    PODS,
    SERVICES,
    STATE,
    environment,
)

FIRST_PROCESS = STATE / "first-process.json"
WITHIN = 10.0

# Not namespaced, and the kubelet writes them.
KERNEL_SETTINGS = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)

# Without -n, the first mount would note itself under /run, which still is the machine's.
INSIDE = f"""
mount --make-rshared /
mount -n -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount --bind {LOGS} /var/log
mkdir -p /run/lock /run/kernel /var/lib/kubelet
mount --bind {STATE}/kubelet /var/lib/kubelet
for setting in {" ".join(KERNEL_SETTINGS)}; do
    copy=/run/kernel/$(echo $setting | tr / .)
    cat /proc/sys/$setting >$copy
    mount --bind $copy /proc/sys/$setting
done
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
"""

# Services that nobody has are refused on their way out: a first packet that kube-proxy does not know yet would
# otherwise leave an entry in conntrack that hangs the connection for two minutes. Likewise addresses of pods that are
# gone.
NETWORK_INSIDE = f"""
ip address add {NODE}/24 dev {NODE_LINK}
ip link set {NODE_LINK} up
ip route add {SERVICES} via {HOST}
ip route add {POD_IDENTITY_AGENT} dev {NODE_LINK}
ip route add unreachable default
iptables -A FORWARD -d {SERVICES} -j REJECT
"""

NETWORK_OUTSIDE = f"""
ip address add {HOST}/24 dev {HOST_LINK}
ip address add {POD_IDENTITY_AGENT}/32 dev {HOST_LINK}
ip link set {HOST_LINK} up
ip route add {PODS} via {NODE}
ip route add {SERVICES} via {NODE}
"""


@dataclass(frozen=True)
class Sandbox:
    """The namespaces, by their first process. `started` tells that process from a later one with the same number."""

    pid: int
    started: str

    def command(self, *command: str, network: bool = True) -> list[str]:
        """A command that runs inside, but in this machine's network if so asked."""
        return [
            "nsenter",
            "--target",
            str(self.pid),
            "--mount",
            "--pid",
            "--ipc",
            *(["--net"] if network else []),
            "--",
            *command,
        ]

    def run(self, *command: str) -> str:
        """Run a command inside to its end."""
        return _run(self.command(*command))

    def exists(self) -> bool:
        return _started(self.pid) == self.started


def make() -> Sandbox:
    """Make the namespaces and the link to them. They end with the calling process, if not before."""
    for folder in (STATE / "kubelet", STATE / "tmp", LOGS):
        folder.mkdir(exist_ok=True)
    unshare = ["unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--mount-proc"]
    outer = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *unshare, str(BIN / "pause")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=environment(),
    )
    sandbox = _first_process(outer)
    FIRST_PROCESS.write_text(json.dumps(asdict(sandbox)))
    sandbox.run("sh", "-ec", INSIDE)
    _run(["ip", "link", "add", HOST_LINK, "type", "veth", "peer", "name", NODE_LINK, "netns", str(sandbox.pid)])
    _run(["sh", "-ec", NETWORK_OUTSIDE])
    sandbox.run("sh", "-ec", NETWORK_INSIDE)
    return sandbox


def end() -> None:
    """End whatever namespaces are left of this or an earlier cluster, with all in them, and the link to them."""
    sandbox = _recorded()
    if sandbox and sandbox.exists():
        os.kill(sandbox.pid, signal.SIGKILL)
        # The kernel keeps the first process until the last one in its namespace is gone.
        _wait(lambda: not sandbox.exists(), "the cluster's processes do not end")
    if link_exists():
        # Namespaces take their links along, but only some time after their last process.
        subprocess.run(["ip", "link", "delete", HOST_LINK], capture_output=True, check=False)
        _wait(lambda: not link_exists(), f"the link {HOST_LINK} does not go away")


def link_exists() -> bool:
    return Path(f"/sys/class/net/{HOST_LINK}").exists()


def current() -> Sandbox | None:
    """The namespaces of the cluster that is up."""
    sandbox = _recorded()
    return sandbox if sandbox and sandbox.exists() else None


def _recorded() -> Sandbox | None:
    with suppress(FileNotFoundError, ValueError):
        return Sandbox(**json.loads(FIRST_PROCESS.read_text()))
    return None


def _first_process(outer: subprocess.Popen[bytes]) -> Sandbox:
    found: list[int] = []

    def runs_pause() -> bool:
        if outer.poll() is not None:
            raise RuntimeError(f"unshare ended with exit code {outer.returncode}")
        found[:] = [pid for pid in _children(outer.pid) if _runs(pid) == BIN / "pause"]
        return bool(found)

    _wait(runs_pause, "the cluster's first process does not start")
    return Sandbox(found[0], _started(found[0]))


def _children(pid: int) -> Iterator[int]:
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def _runs(pid: int) -> Path | None:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/exe").readlink()
    return None


def _started(pid: int) -> str:
    """When a process started, in the kernel's ticks; empty when there is none."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


def _wait(until: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + WITHIN
    while not until():
        if time.monotonic() > end:
            raise RuntimeError(otherwise)
        time.sleep(0.01)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[-2:])} failed: {done.stderr.strip()}")
    return done.stdout
