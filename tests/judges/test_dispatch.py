"""The real server reads the chart's arguments for other clusters as they are meant, and asks where they say."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from compliance.values import put
from tests.cluster.services.processes import free_ports
from tests.judges.servers import KEY, serving
from tests.project import chart, rendered, server

OBJECTS = range(20)
# Seconds that a server is told to wait for another, and that a client waits.
TIMEOUT, WAITED = 1, 10
BOOTSTRAP = """
schema: |-
  definition user {}
  definition document {
    relation reader: user
    permission view = reader
  }
  definition secret {
    relation reader: user
    permission view = reader
  }
relationships: |-
""" + "".join(f"  {kind}:{n}#reader@user:alice\n" for kind in ("document", "secret") for n in OBJECTS)


@contextmanager
def _running(tmp_path: Path, expressions: dict[str, str], upstream: int = 0) -> Iterator[tuple[int, int]]:
    """A server that is its own second cluster and asks itself, or `upstream`; the ports of its gateway and metrics."""
    http, metrics, dispatch = free_ports(3)
    upstreams = [{"name": "west", "address": f"127.0.0.1:{dispatch}", "maximumHedgingDelay": "2s"}]
    values = chart().examples["multi-cluster.yaml"]
    values = put(values, "config.dispatch.secondary", {"upstreams": upstreams, "expressions": expressions})
    command, *flags = server(rendered(values))["args"]
    assert command == "serve"
    flags += [
        "--http-enabled",
        f"--http-addr=127.0.0.1:{http}",
        f"--metrics-addr=127.0.0.1:{metrics}",
        "--dispatch-cluster-enabled",
        f"--dispatch-cluster-addr=127.0.0.1:{dispatch}",
        f"--dispatch-upstream-addr=dns:///127.0.0.1:{upstream or dispatch}",
        f"--dispatch-upstream-timeout={TIMEOUT}s",
    ]
    with serving(tmp_path, *flags, bootstrap=BOOTSTRAP):
        _wait_for(http)
        yield http, metrics


def _may_view(http: int, kind: str, name: int) -> bool:
    question = {
        "resource": {"objectType": kind, "objectId": str(name)},
        "permission": "view",
        "subject": {"object": {"objectType": "user", "objectId": "alice"}},
        "consistency": {"fullyConsistent": True},
    }
    answer = json.loads(_answer(http, "POST", "/v1/permissions/check", json.dumps(question)))
    return bool(answer.get("permissionship") == "PERMISSIONSHIP_HAS_PERMISSION")


def _wait_for(http: int) -> None:
    for _ in range(100):
        try:
            _answer(http, "POST", "/v1/schema/read", "{}")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


def _asked(metrics: int) -> tuple[float, bool]:
    """How many checks were open to west, and whether it was the first to answer any: it has a lead of 1 ms at first."""
    pattern = r'^spicedb_dispatch_remote_dispatch_handler_total\{handler_name="([^"]+)",request_kind="check"\} (\S+)'
    found = re.findall(pattern, _answer(metrics, "GET", "/metrics"), re.MULTILINE)
    counts = {name: float(count) for name, count in found}
    return sum(counts.values()), counts.get("west", 0) > 0


def _answer(port: int, method: str, path: str, body: str | None = None) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=WAITED)) as connection:
        connection.request(method, path, body, {"Authorization": f"Bearer {KEY}"})
        response = connection.getresponse()
        if response.status != 200:
            raise ConnectionError(f"{path} answers {response.status}")
        return response.read().decode()


def test_an_expression_with_commas_and_equals_signs_chooses_what_is_asked(tmp_path: Path) -> None:
    expression = "request.resource_relation.namespace in ['document', 'folder'] && 1 == 1 ? ['west'] : []"
    with _running(tmp_path, {"check": expression}) as (http, metrics):
        assert all(_may_view(http, kind, n) for kind in ("document", "secret") for n in OBJECTS)
        assert _asked(metrics) == (len(OBJECTS), True)


def test_the_example_s_own_expression_is_read(tmp_path: Path) -> None:
    expressions = chart().examples["multi-cluster.yaml"]["config"]["dispatch"]["secondary"]["expressions"]
    with _running(tmp_path, expressions) as (http, metrics):
        assert all(_may_view(http, "document", n) for n in OBJECTS)
        assert _asked(metrics) == (len(OBJECTS), True)


def test_the_timeout_of_dispatch_is_taken_and_not_heeded(tmp_path: Path) -> None:
    """Once this fails, SpiceDB heeds it; docs/production.md, README and values.yaml of the chart say otherwise."""
    never_west = "1 == 1 ? [] : ['west']"
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as silent,
        _running(tmp_path, {"check": never_west}, upstream=silent.getsockname()[1]) as (http, _),
        pytest.raises(TimeoutError),
    ):
        _may_view(http, "document", 1)
