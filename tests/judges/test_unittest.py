"""The chart's helm-unittest suites pass, leave no template out, and render what the chart accepts."""

from __future__ import annotations

import shutil
import subprocess
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.model import Refusal, Rendering
from compliance.values import merge, put
from tests.judges.programs import CHART, run
from tests.project import case, renderer

TESTS = CHART / "tests"
SUITES: dict[str, dict[str, Any]] = {
    file.name: yaml.safe_load(file.read_text()) for file in sorted(TESTS.glob("*_test.yaml"))
}
OF_ONE_TEMPLATE = {name: suite for name, suite in SUITES.items() if len(suite.get("templates", ())) == 1}
EXAMPLES = "examples_test.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the chart: a run writes a missing snapshot, and removes an obsolete one, without a word."""
    return Path(shutil.copytree(CHART, tmp_path / "spicedb"))


def _unittest(chart: Path, suites: str) -> subprocess.CompletedProcess[str]:
    return run("helm-unittest", "--strict", "--file", f"tests/{suites}", chart)


def _snapshots(chart: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (chart / "tests" / "__snapshot__").iterdir()}


def test_every_test_of_every_suite_runs_and_passes(copy: Path) -> None:
    tests = sum(len(suite["tests"]) for suite in SUITES.values())
    done = _unittest(copy, "*_test.yaml")
    assert (done.returncode, f" {tests} passed, {tests} total\n" in done.stdout) == (0, True), done.stdout
    assert tests >= 150
    assert _snapshots(copy) == _snapshots(CHART), "missing or obsolete snapshots: make unittest-update"


def test_every_snapshot_belongs_to_a_suite() -> None:
    assert [name for name in _snapshots(CHART) if name.removesuffix(".snap") not in SUITES] == []


def test_every_template_has_a_suite_of_its_own() -> None:
    files = (file for file in (CHART / "templates").rglob("*") if file.is_file() and not file.name.startswith("_"))
    templates = [file.relative_to(CHART / "templates").as_posix() for file in files]
    assert sorted(suite["templates"][0] for suite in OF_ONE_TEMPLATE.values()) == sorted(templates)


@pytest.mark.parametrize("name", OF_ONE_TEMPLATE)
def test_a_suite_fails_when_its_template_renders_nothing(name: str, copy: Path) -> None:
    (template,) = OF_ONE_TEMPLATE[name]["templates"]
    (copy / "templates" / template).write_text("")
    assert _unittest(copy, name).returncode == 1


def test_every_example_has_a_snapshot_of_all_that_it_renders() -> None:
    examples = sorted(file.name for file in (CHART / "examples").iterdir())
    assert [test["it"] for test in SUITES[EXAMPLES]["tests"]] == examples
    assert [test["values"] for test in SUITES[EXAMPLES]["tests"]] == [[f"../examples/{name}"] for name in examples]
    assert "templates" not in SUITES[EXAMPLES]


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_names_release_and_kubernetes(name: str) -> None:
    """Without them it would depend on the suite before it, whose version of Kubernetes stays set."""
    assert set(SUITES[name]["release"]) == {"name", "namespace"}
    assert set(SUITES[name]["capabilities"]) >= {"majorVersion", "minorVersion"}


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_sets_what_the_chart_accepts_unless_it_shows_a_refusal(name: str) -> None:
    """A suite of one template is rendered without the guards, which would refuse what is not worth a test."""
    for test in SUITES[name]["tests"]:
        refuses = any("failedTemplate" in assertion for assertion in test["asserts"])
        release = {**SUITES[name]["release"], **test.get("release", {})}
        outcome = renderer(release["name"]).render(case(_values(SUITES[name], test)))
        assert isinstance(outcome, Refusal if refuses else Rendering), f"{test['it']}: {outcome}"


def _values(suite: dict[str, Any], test: dict[str, Any]) -> dict[str, Any]:
    files = [*suite.get("values", ()), *test.get("values", ())]
    layers = [yaml.safe_load((TESTS / file).read_text()) for file in files]
    layers += [put({}, key, value) for part in (suite, test) for key, value in part.get("set", {}).items()]
    return reduce(merge, layers, {})
