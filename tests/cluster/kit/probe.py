"""A pod to look through: what it reaches and reads, and how SpiceDB answers it, as it does any client."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.kit.cluster import Cluster
from tests.cluster.kit.load import AS_IT_COMES, Client, Load
from tests.cluster.services.processes import beside

PORT = 8080


@dataclass(frozen=True)
class Target:
    """How to reach SpiceDB's gRPC. `authority` is the certificate to verify it with; empty means plaintext."""

    endpoint: str
    token: str
    authority: str = ""

    def flags(self) -> list[str]:
        security = f"--authority={self.authority}" if self.authority else "--insecure"
        return [f"--endpoint={self.endpoint}", f"--token={self.token}", security]


@dataclass(frozen=True)
class Answers:
    """What SpiceDB answered when it was asked several times: how often yes and no, and each error how often."""

    yes: int
    no: int
    errors: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """A pod of the probe image."""

    cluster: Cluster
    namespace: str
    pod: str
    address: str

    def run(self, *arguments: str) -> dict[str, Any]:
        """What a command of the probe answers."""
        command, where = self._command(*arguments), self.cluster.environment()
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=where)
        assert done.returncode == 0, f"probe {arguments}: {done.stderr.strip()}"
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def get(self, url: str, *flags: str) -> dict[str, Any]:
        """`status` (0 without an answer), `body`, `error` and `seconds` of a request over a connection of its own."""
        return self.run("get", url, *flags)

    def connects(self, address: str, timeout: str = "2s") -> bool:
        """Whether a TCP connection comes about."""
        return bool(self.run("dial", address, f"--timeout={timeout}")["connected"])

    def resolve(self, name: str) -> list[str]:
        return list(self.run("resolve", name)["addresses"])

    def read(self, path: str) -> str:
        answer = self.run("read", path)
        assert not answer["error"], answer["error"]
        return str(answer["content"])

    def check(self, target: Target, question: str, times: int = 1, timeout: str = "5s") -> Answers:
        """Ask a question such as document:1#view@user:1; {} in it is the number of the time."""
        resource, _, rest = question.partition("#")
        permission, _, subject = rest.partition("@")
        asked = ["check", resource, permission, subject, f"--times={times}", f"--timeout={timeout}"]
        answer = self.run(*asked, *target.flags())
        return Answers(answer["answers"].get("true", 0), answer["answers"].get("false", 0), answer["errors"])

    @contextmanager
    def load(self, target: Target, written_at: str, rate: float = 100, client: Client = AS_IT_COMES) -> Iterator[Load]:
        """Load at a steady rate while the block runs, of data that `SpiceDB.write_load_data` wrote."""
        flags = [f"--rate={rate}", f"--written-at={written_at}", *client.flags()]
        command = self._command("load", *flags, *target.flags(), interactive=True)
        with beside(command, self.cluster.environment()) as process:
            load = Load(process)
            load.wait_until_it_flows()
            yield load
            load.end()

    def _command(self, *arguments: str, interactive: bool = False) -> list[str]:
        where = ["exec", self.pod, "--namespace", self.namespace, *(["--stdin"] if interactive else [])]
        return [*self.cluster.kubectl, *where, "--", "probe", *arguments]
