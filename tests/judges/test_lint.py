"""Helm itself finds nothing to complain of in any values that the chart comes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judges.programs import CHART, run

FILES = [CHART / "values.yaml", *sorted((CHART / "examples").iterdir()), *sorted((CHART / "ci").iterdir())]


@pytest.mark.parametrize("helm", ["helm", "helm3"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_helm_lint_is_content(helm: str, file: Path) -> None:
    done = run(helm, "lint", "--strict", CHART, "--values", file)
    assert (done.returncode, "0 chart(s) failed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_helm_lint_would_complain() -> None:
    done = run("helm", "lint", "--strict", CHART, "--set", "config.replica=3")
    assert (done.returncode, "config" in done.stdout + done.stderr) == (1, True)
