"""Prometheus' own unit tests of the alerts: each fires when it should, and a healthy server raises none."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.judges.programs import program
from tests.place import ROOT
from tests.project import production, rendered

TESTS = ROOT / "tests/judges/alerts_test.yaml"
WATCHED = {"enabled": True, "tls": {"caSecretName": "metrics-ca"}, "prometheusRule": {"enabled": True}}


def test_alerts_fire_when_they_should(tmp_path: Path) -> None:
    spec = rendered(production(monitoring=WATCHED))["PrometheusRule/spicedb"]["spec"]
    (tmp_path / "rules.json").write_text(json.dumps(spec))
    shutil.copy(TESTS, tmp_path)
    command = [str(program("promtool")), "test", "rules", TESTS.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_unit_test() -> None:
    spec = rendered(production(monitoring=WATCHED))["PrometheusRule/spicedb"]["spec"]
    tested = json.dumps(yaml.safe_load(TESTS.read_text()))
    assert [rule["alert"] for rule in spec["groups"][0]["rules"] if f'\\"{rule["alert"]}\\"' not in tested] == []
