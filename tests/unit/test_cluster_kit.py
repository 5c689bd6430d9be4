"""What the tests on a cluster are made with, as far as it needs no cluster."""

from __future__ import annotations

import json
import tarfile
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from compliance.model import ScenarioResult
from tests.cluster import images
from tests.cluster.kit import listing
from tests.cluster.kit.load import Phase, Request, documented_client, read_report
from tests.cluster.kit.metrics import parse
from tests.cluster.kit.outcomes import Applied, Outcome, Ran
from tests.cluster.kit.scenario import rounds, scenario
from tests.cluster.kit.turns import turn
from tests.cluster.node import needs
from tests.cluster.services.postgres import Database, Server


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "tool").write_text("a program")
    return {"tool": tmp_path / "tool"}


TOOL = images.Recipe("tool", {"usr/local/bin/tool": "tool"}, ["tool"], "a tool")


def test_an_image_has_the_same_digest_wherever_it_is_made(tmp_path: Path, programs: dict[str, Path]) -> None:
    made = [images.make_one(TOOL, programs, "registry.test", tmp_path / cache) for cache in ("one", "two")]
    assert made[0].digest == made[1].digest
    assert made[0].reference == f"registry.test/tool:{made[0].digest.removeprefix('sha256:')[:12]}"
    assert made[0].archive.read_bytes() == made[1].archive.read_bytes()


def test_an_image_changes_with_its_program(tmp_path: Path, programs: dict[str, Path]) -> None:
    before = images.make_one(TOOL, programs, "registry.test", tmp_path / "one").digest
    programs["tool"].write_text("another program")
    assert images.make_one(TOOL, programs, "registry.test", tmp_path / "two").digest != before


def test_an_image_s_layer_holds_its_program_and_accounts(tmp_path: Path, programs: dict[str, Path]) -> None:
    archive = images.make_one(TOOL, programs, "registry.test", tmp_path).archive
    with tarfile.open(archive) as outer:
        layer = outer.extractfile(max(outer.getmembers(), key=lambda member: member.size))
        with tarfile.open(fileobj=layer) as inner:
            modes = {member.name: oct(member.mode) for member in inner}
    folders = {"etc": "0o755", "usr": "0o755", "usr/local": "0o755", "usr/local/bin": "0o755", "tmp": "0o1777"}
    files = {"etc/passwd": "0o644", "etc/group": "0o644", "usr/local/bin/tool": "0o755"}
    assert modes == folders | files


def requests(*outcomes: Sequence[str]) -> list[list[object]]:
    """One request each 10 ms over one connection, answered after 1 ms."""
    return [[10.0 * number, 1.0, 0, outcome, details] for number, (outcome, details) in enumerate(outcomes)]


def test_a_load_s_report_tells_before_from_during_and_after() -> None:
    ok, lost, wrong = ("OK", ""), ("UNAVAILABLE", "gone"), ("WRONG", "no")
    lines: list[dict[str, object]] = [
        {"requests": requests(ok, ok, lost, lost, wrong, ok)},
        {"mark": "begin upgrade", "at": 15.0},
        {"mark": "end upgrade", "at": 35.0},
        {"end": "input", "at": 60.0},
    ]
    report = read_report(lines)
    phases = [report.before("upgrade"), report.during("upgrade"), report.after("upgrade")]
    assert [phase.counts() for phase in phases] == [
        {"sent": 2, "failed": 0, "wrong": 0},
        {"sent": 2, "failed": 2, "wrong": 0},
        {"sent": 2, "failed": 0, "wrong": 1},
    ]
    assert (report.failed, report.wrong, report.complaints) == (
        {"UNAVAILABLE": 2},
        1,
        ["UNAVAILABLE: gone", "WRONG: no"],
    )
    assert report.longest_stall == 40  # from the second answer, at 11, to the last, at 51


def test_percentiles_are_of_answered_requests() -> None:
    took = [Request(0, milliseconds, 0, "OK", "") for milliseconds in range(1, 101)]
    phase = Phase((*took, Request(0, 5000, 0, "DEADLINE_EXCEEDED", "")))
    assert (phase.percentile(0.5), phase.percentile(0.99), phase.slowest) == (50, 99, 100)
    assert Phase(()).times() == {"p50_ms": 0.0, "p99_ms": 0.0, "slowest_ms": 0.0, "longest_stall_ms": 0}


def test_clients_try_again_and_find_dead_connections_as_documented() -> None:
    client = documented_client()
    (method,) = json.loads(client.retry_policy)["methodConfig"]
    codes = ["UNAVAILABLE", "DEADLINE_EXCEEDED"]
    assert (method["name"], method["retryPolicy"]["retryableStatusCodes"]) == ([{}], codes)
    others = [flag for flag in client.flags() if not flag.startswith("--service-config=")]
    assert others == ["--timeout=30s", "--deadline=5s", "--keepalive=10000ms", "--keepalive-timeout=3000ms"]


def test_metrics_are_summed_by_their_labels() -> None:
    metrics = parse('# TYPE a counter\na{x="1",y="2"} 3\na{x="1",y="q\\"q"} 4\na{x="2"} 1e2\nb 5\n')
    assert (metrics.total("a", x="1"), metrics.total("a"), metrics.total("b"), metrics.total("c")) == (7, 107, 5, 0)


def outcome(**changes: object) -> Outcome:
    fields: dict[str, object] = {
        "id": "install.memory",
        "title": "the defaults",
        "shows": "It works",
        "chart": "c" * 64,
        "result": ScenarioResult.PASSED,
        "failure": "",
        "counts": {"sent": 3},
        "objects": (Applied("Service", "spicedb", "a" * 64),),
        "images": (Ran("registry.test/spicedb:v1", "sha256:b"),),
        "kubernetes": "v1.34.4",
        "differences": (),
        "times": {"ready": 1.5},
        "begun": "2026-01-01T00:00:00+00:00",
    }
    return Outcome(**(fields | changes))  # type: ignore[arg-type]


def test_times_are_kept_apart_from_what_an_outcome_s_digest_covers() -> None:
    same = outcome(times={"ready": 2.5}, begun="2027-01-01T00:00:00+00:00")
    assert same.digest == outcome().digest
    assert outcome(counts={"sent": 4}).digest != outcome().digest
    assert json.loads(outcome().to_json())["digest"] == outcome().digest


@pytest.mark.parametrize("identity", ["Install", "install_memory", "install..memory", "-install", ""])
def test_an_id_that_cannot_name_a_namespace_is_refused(identity: str) -> None:
    with pytest.raises(ValueError, match="cannot be a scenario's id"):
        scenario(identity, "It works")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(needs, "PACKAGES", {"no-such-program": "its-package", "sh": "dash"})
    command = "apt-get install --no-install-recommends its-package"
    with pytest.raises(needs.CannotRunError, match=f"^the cluster needs Debian's its-package: {command}$"):
        needs.require()


def test_another_user_than_root_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(
        needs.CannotRunError, match="^the cluster needs root, for namespaces: become root, or set KUBECONFIG"
    ):
        needs.require()


def test_a_connection_string_is_quoted() -> None:
    database = Database("10.0.0.1", 5432, "scenario", "p@ss/word", "")
    assert (
        database.uri(sslmode="disable") == "postgresql://scenario:p%40ss%2Fword@10.0.0.1:5432/scenario?sslmode=disable"
    )


def test_a_database_s_name_cannot_be_a_statement() -> None:
    with pytest.raises(ValueError, match="cannot be the name of a database"):
        Server("10.0.0.1", 5432, "").create("x; DROP DATABASE y")


def test_the_documentation_lists_every_scenario() -> None:
    assert listing.PAGE.read_text() == listing.page(), "make docs"


@pytest.mark.parametrize(("given", "names"), [("", []), ("1", []), ("2", ["round-1", "round-2"])])
def test_rounds_are_named_where_there_are_several(
    monkeypatch: pytest.MonkeyPatch, given: str, names: list[str]
) -> None:
    monkeypatch.setenv("ROUNDS", given)
    assert rounds() == names


def test_a_number_of_rounds_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS", "0")
    with pytest.raises(pytest.UsageError, match="^ROUNDS=0 is no number of rounds: 1 or more, please$"):
        rounds()


def test_who_finds_no_place_waits_for_one(tmp_path: Path) -> None:
    done: list[str] = []

    def third() -> None:
        with turn(tmp_path, 2):
            done.append("third")

    waiting = threading.Thread(target=third)
    with turn(tmp_path, 2):
        with turn(tmp_path, 2):
            waiting.start()
            waiting.join(0.3)
            done.append("second")
        waiting.join(5)
        done.append("first")
    assert done == ["second", "third", "first"]
