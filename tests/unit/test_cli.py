"""What a user types, and what she gets: message, exit code, and never a report that could be taken for a good one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance import cli
from compliance.engines.checkov import CheckovEngine
from compliance.errors import IncompleteRunError
from tests.place import ROOT
from tests.project import production

Run = Callable[..., int]

REFERENCE_TO_THE_KEY = """- name: SPICEDB_GRPC_PRESHARED_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "spicedb.secretName" . | quote }}
      key: {{ .Values.existingSecretKeys.presharedKey | quote }}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the chart, the rules, a values file and the reports of an earlier run."""
    shutil.copytree(ROOT / "spicedb", tmp_path / "spicedb")
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    (tmp_path / "prod.yaml").write_text(yaml.safe_dump(production()))
    (tmp_path / "reports").mkdir()
    for name in ("report.html", "evidence.json", "soc2.md"):
        (tmp_path / "reports" / name).write_text("an earlier run")
    (tmp_path / "reports" / "notes.txt").write_text("the user's own")
    return tmp_path


@pytest.fixture
def run(place: Path) -> Run:
    def command(*options: str) -> int:
        inputs = ["--chart", str(place / "spicedb"), "--policies", str(place / "policies")]
        return cli.main(["run", *inputs, "--out", str(place / "reports"), *options])

    return command


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def _assert_no_report(place: Path) -> None:
    assert [path.name for path in (place / "reports").iterdir()] == ["notes.txt"]


def test_a_good_file_exits_with_0_and_every_report_and_again_with_the_same_bytes(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def reports() -> dict[str, bytes]:
        assert run("--values", str(place / "prod.yaml"), "--commit", "c0ffee") == 0
        assert not (place / "reports" / ".partial").exists()
        return {path.name: path.read_bytes() for path in (place / "reports").iterdir()}

    first = reports()
    printed = capsys.readouterr().out
    assert "ledger   generated 11 = refused 0 + rendered 11 + failed 0" in printed
    assert "soc2, production: " in printed
    assert "FELL" not in printed
    assert json.loads(first["evidence.json"])["totals"]["rendered"] == 11
    assert first["notes.txt"] == b"the user's own"
    assert reports() == first


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "place_named"),
    [
        (
            "templates/_pod.tpl",
            'define "spicedb.hardenedPod" -}}\nrunAsNonRoot: true\n',
            'define "spicedb.hardenedPod" -}}\n',
            None,
            None,
        ),
        (
            "templates/_pod.tpl",
            "readOnlyRootFilesystem: true\n",
            "",
            "workload.read_only_root_filesystem",
            "securityContext:",
        ),
        (
            "templates/networkpolicy.yaml",
            "  ingress:\n    {{- toYaml . | nindent 4 }}",
            "  ingress:\n    - {}",
            "network.deny_by_default",
            "- {}",
        ),
        (
            "templates/_env.tpl",
            REFERENCE_TO_THE_KEY,
            "- name: SPICEDB_GRPC_PRESHARED_KEY\n  value: a-literal-key-in-the-template\n",
            "secrets.by_reference",
            "- name: SPICEDB_GRPC_PRESHARED_KEY",
        ),
    ],
    ids=["runAsNonRoot of the pod alone", "read-only root", "allow-all policy", "literal key"],
)
def test_breaking_the_chart_by_one_line_turns_the_gate_red_and_names_the_line(
    place: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    file: str,
    old: str,
    new: str,
    rule: str | None,
    place_named: str | None,
) -> None:
    _change(place / "spicedb" / file, old, new)
    code = run("--values", str(place / "prod.yaml"))
    printed = capsys.readouterr().out
    if rule is None:  # the container says it too, so that one line alone does no harm
        assert code == 0
        return
    assert code == 1
    assert "FELL     rules of severity critical and high hold" in printed
    assert rule in printed
    named = {
        (place / "spicedb" / name).read_text().splitlines()[int(line) - 1].strip()
        for name, line in (
            text.strip().split(": ")[0].split(":") for text in printed.splitlines() if f": {rule}: " in text
        )
    }
    assert named == {place_named}
    assert "a-literal-key" not in printed


def test_a_development_file_is_not_waved_through(place: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "dev.yaml").write_text("{}\n")
    assert run("--values", str(place / "dev.yaml")) == 1
    assert "transport.grpc_tls" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("tyop: 1\n", "dev.yaml: the chart refuses these values:\n  schema (top level): "),
        ("config: {replicas: two}\n", "schema config.replicas: "),
        ("profile: production\n", "constraint production-tls: Production needs TLS"),
        ("a: [\n", "dev.yaml: not a values file: "),
        ("- a\n", "dev.yaml: not a values file: "),
    ],
)
def test_values_that_can_not_be_used_exit_with_2(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str], values: str, message: str
) -> None:
    (place / "dev.yaml").write_text(values)
    assert run("--values", str(place / "dev.yaml")) == 2
    assert message in capsys.readouterr().err
    _assert_no_report(place)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--values", "none.yaml"], "none.yaml: can't be read: No such file"),
        (["--chart", "nowhere"], "--chart nowhere: no such folder"),
        (["--policies", "nowhere"], "--policies nowhere: no such folder"),
        (["--frameworks", "iso"], "--frameworks iso: there are pci_dss_4_0_1, soc2"),
        (["--profile", "staging"], "--profile staging: the chart has development, production"),
        (["--chart", str(ROOT / "docs")], "Chart.yaml: the chart has no such file"),
    ],
)
def test_options_that_can_not_be_used_exit_with_2(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert run(*options) == 2
    assert message in capsys.readouterr().err
    _assert_no_report(place)


def test_a_time_that_is_no_time_exits_with_2(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert run("--values", str(place / "prod.yaml")) == 2
    assert "SOURCE_DATE_EPOCH must be seconds since 1970, not 'yesterday'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "message"),
    [
        (
            "spicedb/values.schema.json",
            '"type": "object",',
            '"type": "object"',
            2,
            "values.schema.json:6: not valid JSON",
        ),
        ("spicedb/constraints.yaml", "  - id: memory", "  - di: memory", 2, "constraints.yaml: entry 1: must be a map"),
        ("spicedb/values.yaml", "profile: development", "profile: [", 2, "values.yaml:"),
        ("policies/data.yaml", "parameters:", "parameters: [", 2, "data.yaml:"),
        (
            "policies/network/pods_selected/examples.yaml",
            "good:",
            "fine:",
            2,
            "needs at least one example under 'good'",
        ),
        (
            "policies/network/pods_selected/pods_selected.rego",
            "observations contains",
            "observations contain",
            2,
            "policies/network/pods_selected/pods_selected.rego does not compile",
        ),
        (
            "spicedb/templates/service.yaml",
            "kind: Service",
            "kind: [",
            3,
            "templates/service.yaml: not valid YAML",
        ),
        (
            "spicedb/templates/service.yaml",
            ".Values.service.type",
            ".Values.service.type.none",
            3,
            "helm template spicedb CHART --kube-version 1.",
        ),
    ],
)
def test_inputs_that_are_broken_say_where_and_leave_no_report(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, code: int, message: str
) -> None:
    _change(place / file, old, new)
    assert run("--values", str(place / "prod.yaml")) == code
    printed = capsys.readouterr().err
    assert message in printed
    assert printed.endswith("No report was written.\n")
    _assert_no_report(place)


def test_a_rule_that_no_control_mentions_exits_with_2(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(place / "policies/workload/limits", place / "policies/workload/bounds")
    (place / "policies/workload/bounds/limits.rego").rename(place / "policies/workload/bounds/bounds.rego")
    _change(place / "policies/workload/bounds/bounds.rego", "package workload.limits", "package workload.bounds")
    assert run("--values", str(place / "prod.yaml")) == 2
    assert "rules that no framework maps to a control: workload.bounds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (IncompleteRunError("checkov gave no result for v1/Service/n/s"), "checkov gave no result for v1/Service/n/s"),
        (KeyboardInterrupt(), "interrupted"),
        (RuntimeError("no idea"), "an error of this program:\nTraceback"),
    ],
)
def test_a_run_that_did_not_see_all_exits_with_3_and_leaves_no_report(
    place: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    message: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(CheckovEngine, "judge", fail)
    assert run("--values", str(place / "prod.yaml")) == 3
    assert f"compliance: incomplete: {message}" in capsys.readouterr().err
    _assert_no_report(place)


def test_ctrl_c_in_the_middle_exits_with_3_and_leaves_no_report(place: Path) -> None:
    inputs = ["--chart", str(place / "spicedb"), "--policies", str(place / "policies"), "--out", str(place / "reports")]
    command = [sys.executable, "-m", "compliance.cli", "run", *inputs, "--values", str(place / "prod.yaml")]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert running.stderr is not None
    assert running.stderr.readline().startswith("rendered and checked ")
    running.send_signal(signal.SIGINT)
    _, printed = running.communicate(timeout=30)
    assert running.returncode == 3
    assert printed.endswith("compliance: incomplete: interrupted\nNo report was written.\n")
    _assert_no_report(place)


def test_a_report_that_can_not_be_written_leaves_none(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def half(_: Any) -> Any:
        yield "report.html", b"half"
        raise RuntimeError("a format fails")

    monkeypatch.setattr("compliance.formats.render_all", half)
    assert run("--values", str(place / "prod.yaml")) == 3
    assert "a format fails" in capsys.readouterr().err
    _assert_no_report(place)


def test_progress_is_plain_lines_where_there_is_no_terminal(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--values", str(place / "prod.yaml"))
    assert "rendered and checked 11 of 11 cases" in capsys.readouterr().err


def test_help_has_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["run", "--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert "compliance run --values prod.yaml" in printed
    assert "1  a gate fell" in printed
