"""The cluster's processes: started by the keeper, watched while others wait for them, ended with the namespaces."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.cluster.node.layout import LOGS, environment
from tests.cluster.node.sandbox import Sandbox

TAIL_LINES = 15
EVERY = 0.05


class StartError(Exception):
    """The cluster does not come up; the message has the end of a log."""


class Processes:
    """What was started so far, by name."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], *, network: bool = True) -> None:
        """Start a program inside the sandbox; it writes to a log of its own."""
        with log(name).open("wb") as output:
            self._running[name] = subprocess.Popen(
                self.sandbox.command(*command, network=network),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment(),
            )

    def dead(self) -> str:
        """The sentence for a program that ended by itself; empty when all run."""
        for name, process in self._running.items():
            if process.poll() is not None:
                return f"{name} ended with exit code {process.returncode}:\n{tail(log(name))}"
        return ""

    def wait(self, what: str, holds: Callable[[], bool], within: float) -> None:
        """Wait until something holds, as long as all programs run."""
        end = time.monotonic() + within
        while not holds():
            if sentence := self.dead():
                raise StartError(sentence)
            if time.monotonic() > end:
                logs = "\n".join(f"{name}:\n{tail(log(name))}" for name in self._running)
                raise StartError(f"{what}: not within {within:.0f} s\n{logs}")
            time.sleep(EVERY)


def log(name: str) -> Path:
    return LOGS / f"{name}.log"


def tail(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join(f"    {line[:300]}" for line in lines)
