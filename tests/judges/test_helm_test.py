"""What the pods of `helm test` call, called of the real SpiceDB, by the stand-in for its client that scenarios use."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.judges.programs import program
from tests.judges.servers import KEY, serving
from tests.project import rendered

SCHEMA = """
schema: |-
  definition user {}
  definition document {
    relation reader: user
    permission view = reader
    permission nobody = nil
  }
relationships: |-
  document:readme#reader@user:alice
"""


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """A SpiceDB with the memory engine, and that schema."""
    with serving(tmp_path, "--metrics-enabled=false", bootstrap=SCHEMA) as address:
        _wait(address)
        yield address


def _wait(endpoint: str) -> None:
    words = ["permission", "check", "document:readme", "view", "user:alice", "--error-on-no-permission"]
    deadline = time.monotonic() + 30
    while _zed([*words, "--insecure", "--max-retries=0"], endpoint):
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)


def _zed(words: list[str], endpoint: str) -> int:
    """The exit code of one call, at this server in place of the one that the words name."""
    words = [word for word in words if not word.startswith("--endpoint=")]
    command = [str(program("zed")), *words, f"--endpoint={endpoint}"]
    return subprocess.run(command, env={"ZED_TOKEN": KEY}, capture_output=True, check=False, timeout=60).returncode


def _calls(check: str, relation: str = "") -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """Those of the test before it asks, of the test, and after it."""
    objects = rendered({"tests": {"enabled": True, "check": check, "writeRelation": relation}})
    test = objects["Pod/spicedb-test"]["spec"]
    cleanup = objects.get("Pod/spicedb-test-cleanup", {"spec": {"containers": []}})["spec"]
    lists: list[list[dict[str, Any]]] = [test.get("initContainers", []), test["containers"], cleanup["containers"]]
    before, asked, after = ([container["args"] for container in containers] for containers in lists)
    return before, asked, after


def test_what_the_test_wrote_is_allowed_and_gone_afterwards(endpoint: str) -> None:
    before, asked, after = _calls("document#view@user", "reader")
    assert {_zed(words, endpoint) for words in asked} == {1}
    assert {_zed(words, endpoint) for words in before} == {0}
    assert {_zed(words, endpoint) for words in asked} == {0}
    assert {_zed(words, endpoint) for words in after} == {0}
    assert {_zed(words, endpoint) for words in asked} == {1}


def test_it_fails_where_the_relation_does_not_grant_what_it_asks_for(endpoint: str) -> None:
    before, asked, _ = _calls("document#nobody@user", "reader")
    assert ({_zed(words, endpoint) for words in before}, {_zed(words, endpoint) for words in asked}) == ({0}, {1})


def test_where_it_only_reads_no_is_an_answer_and_an_unknown_type_is_none(endpoint: str) -> None:
    assert {_zed(words, endpoint) for words in _calls("document#view@user")[1]} == {0}
    assert {_zed(words, endpoint) for words in _calls("folder#view@user")[1]} == {1}
