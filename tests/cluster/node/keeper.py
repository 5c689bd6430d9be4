"""The process that keeps the cluster up, and takes it down when it is told to or when its owner is gone.

The owner is the test process; a cluster that a developer keeps up has none. However the owner ends, the keeper takes
the cluster down. If the keeper itself is killed, the kernel ends the cluster's processes with it, and the next keeper
removes what is left.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from tests.cluster import images
from tests.cluster.node import lock, needs, up
from tests.cluster.node.layout import KUBECONFIG, RUN, environment
from tests.cluster.node.processes import Processes, StartError
from tests.judges.build import build
from tests.place import ROOT

DOWN_WITHIN = 60.0
LOOKS_EVERY = 0.25
# What a keeper's start comes to; HELD: there is another.
READY, FAILED, HELD = 0, 1, 3


@dataclass(frozen=True)
class Order:
    """What a keeper is asked for. `owner` is the process that it works for, or 0."""

    owner: int
    checkout: str
    programs: dict[str, str]
    images: list[images.Image]

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @staticmethod
    def from_json(text: str) -> Order:
        fields = json.loads(text)
        made = [images.Image(**image | {"archive": Path(image["archive"])}) for image in fields.pop("images")]
        return Order(images=made, **fields)


@dataclass(frozen=True)
class Run:
    """The cluster that is up."""

    keeper: int
    owner: int
    checkout: str
    up_seconds: float

    def sentence(self) -> str:
        whose = f"for the tests of process {self.owner}" if self.owner else "to stay up"
        return f"a cluster is up, brought up {whose} from {self.checkout}"

    def refusal(self) -> needs.CannotRunError:
        """For those who want a cluster of their own."""
        ways_out = f"use it (export KUBECONFIG={KUBECONFIG}) or take it down (python -m tests.cluster down)"
        return needs.CannotRunError(f"{self.sentence()}, and there can be one only: {ways_out}")


class StoppedError(Exception):
    """Somebody wants the cluster to end."""


def current() -> Run | None:
    """The cluster that is up and ready."""
    with suppress(FileNotFoundError, ValueError):
        run = Run(**json.loads(RUN.read_text()))
        return run if run.keeper == lock.holder() else None
    return None


def start(owner: int = 0) -> Run:
    """Have a keeper bring the cluster up, and wait until it is up. The keeper stays when this process ends.

    A cluster that another process of the same owner has brought up is joined.
    """
    needs.require()
    programs = {name: str(path) for name, path in build(up.PROGRAMS).items()}
    mine = False
    order = Order(owner, str(ROOT), programs, list(images.make().values())).to_json()
    while True:
        if lock.holder() is None:
            code, said = _start_keeper(order)
            if code == FAILED:
                raise needs.CannotRunError(f"the cluster does not come up:\n{said}")
            mine = code == READY
        if run := current():
            if mine or (owner and run.owner == owner):
                return run
            raise run.refusal()
        # Another is still coming up, or going down.
        time.sleep(LOOKS_EVERY)


def stop() -> bool:
    """Take the cluster down, whoever keeps it, or what is left of one that was killed; False when there was neither."""
    holder = lock.holder()
    if holder is None:
        return remove_leftovers()
    with suppress(ProcessLookupError):  # gone in this moment
        _end(holder)
    return True


def remove_leftovers() -> bool:
    """Remove what is left of clusters whose keeper was killed; False when there was nothing."""
    there = up.leaves_something()
    _refuse_leftovers(up.down())
    return there


def _end(holder: int) -> None:
    """Have a keeper take its cluster down, and wait until the keeper is gone too."""
    keeper = os.pidfd_open(holder)
    try:
        signal.pidfd_send_signal(keeper, signal.SIGTERM)
        gone, _, _ = select.select([keeper], [], [], DOWN_WITHIN)
    finally:
        os.close(keeper)
    if not gone:
        raise needs.CannotRunError(f"process {holder} does not take its cluster down within {DOWN_WITHIN:.0f} s")


def _start_keeper(order: str) -> tuple[int, str]:
    """What came of starting a keeper, and what it said."""
    starting = subprocess.Popen(
        [sys.executable, "-m", __spec__.name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        text=True,
    )
    with starting:
        assert starting.stdin is not None
        assert starting.stdout is not None
        starting.stdin.write(order)
        starting.stdin.close()
        said: list[str] = []
        for line in starting.stdout:
            said.append(line)
            print(line, end="", file=sys.stderr, flush=True)
    return starting.returncode, "".join(said)


def main() -> int:
    """Leave a process that keeps the cluster, and end as soon as the cluster is up."""
    order = Order.from_json(sys.stdin.read())
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        said = os.read(reader, 1)
        return said[0] if said else FAILED
    os.close(reader)
    os.setsid()
    code = keep(order, writer)
    with suppress(BrokenPipeError):
        os.write(writer, bytes([code]))
    return code


def keep(order: Order, ready: int) -> int:
    """Be the keeper until the cluster's end; READY is written to a pipe once it is up."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop_once)
    held = lock.take()
    if held is None:
        return HELD
    with held:
        try:
            _follow_owner(order.owner)
            _refuse_leftovers(up.down())
            begin = time.monotonic()
            programs = {name: Path(path) for name, path in order.programs.items()}
            running = up.up(programs, order.images, _say)
            run = Run(os.getpid(), order.owner, order.checkout, round(time.monotonic() - begin, 1))
            _write_atomically(RUN, json.dumps(asdict(run)))
            _let_go_of_output()
            os.write(ready, bytes([READY]))
            _watch(held, running)
        except StoppedError:
            return READY
        except (OSError, RuntimeError, subprocess.SubprocessError, StartError, needs.CannotRunError) as error:
            _say(str(error))
            return FAILED
        finally:
            up.down()
    return READY


def _stop_once(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise StoppedError


def _follow_owner(owner: int) -> None:
    """Stop when the owner is gone, however it went."""
    if not owner:
        return
    try:
        watched = os.pidfd_open(owner)
    except ProcessLookupError:
        raise StoppedError from None

    def wait() -> None:
        select.select([watched], [], [])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _watch(held: socket.socket, running: Processes) -> None:
    """Answer those who ask for the lock; return when a program of the cluster has ended by itself."""
    while not running.dead():
        ready, _, _ = select.select([held], [], [], LOOKS_EVERY)
        if ready:
            held.accept()[0].close()


def _write_atomically(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)


def _refuse_leftovers(left: list[str]) -> None:
    if left:
        raise needs.CannotRunError(f"what an earlier cluster left cannot be removed: {', '.join(left)}")


def _say(line: str) -> None:
    # Nobody may be listening any more.
    with suppress(BrokenPipeError):
        print(line, flush=True)


def _let_go_of_output() -> None:
    """Let go of the starting process's pipe, which would otherwise wait for the keeper's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
