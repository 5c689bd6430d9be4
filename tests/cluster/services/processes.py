"""Programs that run beside a test, and never longer than it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

STOPS_WITHIN = 5.0
# Every process of the cluster and its services has this in its environment, so that none can be left unseen.
MARK = "SPICEDB_TEST_CLUSTER"


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at, each another."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [found.getsockname()[1] for found in taken]
    for found in taken:
        found.close()
    return ports


@contextmanager
def beside(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A program that runs while the block does; the kernel ends it should this process be killed."""
    setpriv = shutil.which("setpriv")
    process = subprocess.Popen(
        [*([setpriv, "--pdeathsig", "KILL"] if setpriv else []), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        env={**os.environ, **(environment or {}), MARK: "1"},
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
