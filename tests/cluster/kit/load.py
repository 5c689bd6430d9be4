"""Load at a steady rate, and what came of it before, during and after each event.

The generator is a process of its own in a pod (`probe load`). A request is due when the rate says so, whether earlier
ones are answered or not, and its time counts from then, so a stall shows in all requests that it delays.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from tests.cluster.kit import waits
from tests.cluster.kit.outcomes import Recorder
from tests.place import ROOT

OK = "OK"
WRONG = "WRONG"
FLOWS = 20
FLOWS_WITHIN = 15.0
ENDS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request: when it was due and how long it took, in milliseconds, over which connection, and its outcome.

    The outcome is OK, the name of a gRPC code, WRONG for an answer that the data does not give, or UNSENT when so many
    requests were open that no more were sent.
    """

    due: float
    took: float
    connection: int
    outcome: str
    details: str


@dataclass(frozen=True)
class Phase:
    """What came of the requests of one stretch of time."""

    requests: tuple[Request, ...]

    @property
    def sent(self) -> int:
        return len(self.requests)

    @property
    def failed(self) -> dict[str, int]:
        """How many requests failed, by gRPC code; wrong answers are counted apart."""
        return dict(Counter(r.outcome for r in self.requests if r.outcome not in (OK, WRONG)))

    @property
    def wrong(self) -> int:
        return sum(r.outcome == WRONG for r in self.requests)

    @property
    def complaints(self) -> list[str]:
        """What errors said, each once."""
        return sorted({f"{r.outcome}: {r.details}" for r in self.requests if r.outcome != OK})

    def percentile(self, share: float) -> float:
        """The milliseconds within which this share of the requests that were answered was answered; 0 without any."""
        took = sorted(r.took for r in self.requests if r.outcome == OK)
        return took[ceil(share * len(took)) - 1] if took else 0.0

    @property
    def slowest(self) -> float:
        return self.percentile(1)

    @property
    def longest_stall(self) -> float:
        """The longest time in milliseconds in which one connection got no right answer: what one client notices."""
        return max(
            (_longest_gap(self._answered(number)) for number in {r.connection for r in self.requests}), default=0.0
        )

    def _answered(self, connection: int) -> list[float]:
        of_it = [r for r in self.requests if r.connection == connection]
        answered = [r.due + r.took for r in of_it if r.outcome == OK]
        ends = [of_it[0].due, max(r.due + r.took for r in of_it)]
        return sorted([*answered, *ends])

    def counts(self) -> dict[str, int]:
        """For the outcome of a scenario."""
        return {"sent": self.sent, "failed": sum(self.failed.values()), "wrong": self.wrong}

    def times(self) -> dict[str, float]:
        """For the outcome of a scenario, in milliseconds."""
        return {
            "p50_ms": round(self.percentile(0.5), 1),
            "p99_ms": round(self.percentile(0.99), 1),
            "slowest_ms": round(self.slowest, 1),
            "longest_stall_ms": round(self.longest_stall, 1),
        }


@dataclass(frozen=True)
class Report(Phase):
    """All of a load, and its marks: the times in milliseconds at which events began and ended."""

    marks: Mapping[str, tuple[float, float]]

    def before(self, event: str) -> Phase:
        return self._between(0.0, self.marks[event][0])

    def during(self, event: str) -> Phase:
        return self._between(*self.marks[event])

    def after(self, event: str) -> Phase:
        return self._between(self.marks[event][1], float("inf"))

    def note(self, recorder: Recorder) -> None:
        """For the outcome of a scenario: figures of the whole, and times before, during and after each event."""
        recorder.count(**self.counts())
        for event in self.marks:
            phases = {"before": self.before(event), "during": self.during(event), "after": self.after(event)}
            for when, phase in phases.items():
                recorder.time(**{f"{when}_{event}_{name}": time for name, time in phase.times().items()})

    def _between(self, begin: float, end: float) -> Phase:
        return Phase(tuple(r for r in self.requests if begin <= r.due < end))


@dataclass(frozen=True)
class Client:
    """How clients try again and find dead connections. As it comes, gRPC does neither.

    A request may take `timeout`; with a `deadline`, a call that comes to it is followed by another.
    """

    retry_policy: str = ""
    keepalive_ms: int = 0
    keepalive_timeout_ms: int = 0
    timeout: str = "10s"
    deadline: str = ""

    def flags(self) -> list[str]:
        """For `probe load`."""
        found = [f"--timeout={self.timeout}"]
        if self.deadline:
            found.append(f"--deadline={self.deadline}")
        if self.retry_policy:
            found.append(f"--service-config={self.retry_policy}")
        if self.keepalive_ms:
            found += [f"--keepalive={self.keepalive_ms}ms", f"--keepalive-timeout={self.keepalive_timeout_ms}ms"]
        return found


AS_IT_COMES = Client()


def documented_client() -> Client:
    """A client as the documentation asks for."""
    page = (ROOT / "docs" / "production.md").read_text()
    (policy,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (keepalive,) = re.findall(r"^\| `grpc\.keepalive_time_ms` \| (\d+) ", page, re.MULTILINE)
    (timeout,) = re.findall(r"^\| `grpc\.keepalive_timeout_ms` \| (\d+) ", page, re.MULTILINE)
    (deadline,) = re.findall(r"a deadline of (\d+) seconds", page)
    (patience,) = re.findall(r"again until (\d+) seconds", page)
    return Client(policy, int(keepalive), int(timeout), f"{patience}s", f"{deadline}s")


class Load:
    """A load that is running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: list[dict[str, Any]] = []
        self._noise: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @contextmanager
    def during(self, event: str) -> Iterator[None]:
        """Mark an event's begin and end, so that the report can tell what happened meanwhile."""
        self._write(f"begin {event}")
        yield
        self._write(f"end {event}")

    def wait_until_it_flows(self) -> None:
        """Wait until some more requests were answered rightly."""
        enough = len(self._answered()) + FLOWS
        waits.until("load flows", lambda: len(self._answered()) >= enough, FLOWS_WITHIN, explain=self._said)

    def end(self) -> None:
        """Send no more, and wait for what is open."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reader.join(ENDS_WITHIN)

    def report(self) -> Report:
        """What came of it, once it has ended."""
        ended = self._lines[-1] if self._lines else {}
        assert "end" in ended, f"the load did not run to its end:\n{self._said()}"
        assert ended["end"] == "input", "the load ended by itself, as it does after five minutes"
        return read_report(self._lines)

    def _answered(self) -> list[list[Any]]:
        return [request for line in self._lines for request in line.get("requests", []) if request[3] == OK]

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                self._lines.append(json.loads(line))
            except ValueError:
                self._noise.append(line.strip())

    def _said(self) -> str:
        failed = [request[3:] for line in self._lines for request in line.get("requests", []) if request[3] != OK]
        return "\n".join([*self._noise, *(f"{outcome}: {details}" for outcome, details in failed[:5])])


def read_report(lines: Sequence[Mapping[str, Any]]) -> Report:
    """The report that the generator's lines amount to."""
    requests = [Request(*request) for line in lines for request in line.get("requests", [])]
    at = {line["mark"]: line["at"] for line in lines if "mark" in line}
    events = [mark.removeprefix("begin ") for mark in at if mark.startswith("begin ")]
    end = float(lines[-1]["at"])
    marks = {event: (at[f"begin {event}"], at.get(f"end {event}", end)) for event in events}
    return Report(tuple(sorted(requests, key=lambda r: r.due)), marks)


def _longest_gap(times: Sequence[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)
