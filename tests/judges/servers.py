"""The real SpiceDB as a process of its own, with the memory engine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.services.processes import free_ports
from tests.judges.programs import program

KEY = "a-preshared-key-for-this-test"


@contextmanager
def serving(folder: Path, *flags: str, bootstrap: str = "") -> Iterator[str]:
    """The address of its gRPC API, which may not answer yet. Its log and its bootstrap file are in the folder."""
    (port,) = free_ports(1)
    command = [
        str(program("spicedb")),
        "serve",
        f"--grpc-preshared-key={KEY}",
        f"--grpc-addr=127.0.0.1:{port}",
        "--datastore-engine=memory",
        "--telemetry-endpoint=",
        "--skip-release-check",
        *flags,
    ]
    if bootstrap:
        (folder / "bootstrap.yaml").write_text(bootstrap)
        command.append(f"--datastore-bootstrap-files={folder}/bootstrap.yaml")
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:
        try:
            yield f"127.0.0.1:{port}"
        finally:
            running.kill()
