"""Re-performance from the command line: what is as claimed, what differs, what can't be found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from compliance import cli
from tests.place import ROOT
from tests.project import production

POLICIES = ["--policies", str(ROOT / "policies")]
INPUTS = ["--chart", str(ROOT / "spicedb"), *POLICIES]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over one values file wrote."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "prod.yaml").write_text(yaml.safe_dump(production()))
    assert cli.main(["run", *INPUTS, "--out", str(folder), "--values", str(folder / "prod.yaml")]) == 0
    return folder / "evidence.json"


def test_verify_re_performs_what_was_claimed(evidence: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.main(["verify", *INPUTS, str(evidence), "--control", "soc2:CC6.6"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "as claimed soc2:CC6.6 under production: partly supported, supporting 11, contradicting 0, not exercised 0",
        "11 cases rendered and judged again: each verdict is as claimed",
    ]


def test_verify_finds_a_chart_that_is_another_and_a_claim_that_was_altered(
    evidence: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(evidence.read_text())
    document["cases"][0]["verdicts"] = document["cases"][0]["verdicts"].replace("h", "f", 1)
    altered = tmp_path / "evidence.json"
    altered.write_text(json.dumps(document))
    shutil.copytree(ROOT / "spicedb", tmp_path / "spicedb")
    helper = tmp_path / "spicedb/templates/_pod.tpl"
    helper.write_text(helper.read_text().replace("readOnlyRootFilesystem: true\n", "", 1))
    capsys.readouterr()
    assert cli.main(["verify", "--chart", str(tmp_path / "spicedb"), *POLICIES, str(altered)]) == 1
    printed = capsys.readouterr().out
    assert "DIFFERS the chart: digest" in printed
    assert "workload.read_only_root_filesystem is f, claimed h" in printed
    assert "availability.autoscaler_owns_replicas is h, claimed f" in printed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--control", "soc2:CC99"], "--control soc2:CC99: the evidence has no such control"),
        (["--case", "ffffffffffff"], "--case ffffffffffff: the evidence has no such case"),
        (["--rule", "no.rule"], "--rule no.rule: there is no such rule"),
    ],
)
def test_verify_says_what_it_can_not_find(
    evidence: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert cli.main(["verify", *INPUTS, str(evidence), *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "something/else"}'])
def test_verify_takes_evidence_only(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    assert cli.main(["verify", str(tmp_path / "x.json")]) == 2
    assert "x.json" in capsys.readouterr().err
