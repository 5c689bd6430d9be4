"""Helm 4 and the oldest Helm 3 that the chart supports, with schema and guards, agree with the fast path."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from compliance.model import OriginKind, Outcome, Refusal, Rendering
from compliance.render.helm_command import HelmCommandRenderer
from tests.judges.programs import CHART, a_case, program, renderings, rows, run, space
from tests.project import chart, renderer

HELMS = ("helm", "helm3")


def _objects(rendering: Rendering) -> dict[str, Mapping[str, Any]]:
    return {o.id: o.data for o in rendering.objects}


@pytest.mark.parametrize("helm", HELMS)
def test_every_row_renders_to_the_same_objects(helm: str) -> None:
    command = HelmCommandRenderer(CHART, program(helm))
    differing = []
    for rendering in renderings():
        outcome = command.render(rendering.case)
        if not isinstance(outcome, Rendering) or _objects(outcome) != _objects(rendering):
            differing.append((rendering.case.id, outcome))
    assert len(renderings()) == len(rows())
    assert differing == []


@pytest.mark.parametrize("helm", HELMS)
def test_every_refusal_names_the_same_constraints(helm: str) -> None:
    command = HelmCommandRenderer(CHART, program(helm))
    broken = [case for case in space().cases if case.origin.kind is OriginKind.BROKEN]
    assert len(broken) > 90
    for case in broken:
        ours, theirs = renderer().render(case), command.render(case)
        assert isinstance(ours, Refusal)
        assert isinstance(theirs, Refusal), case.values
        assert [(r.kind, r.where) for r in theirs.reasons] == [(r.kind, r.where) for r in ours.reasons]


@pytest.mark.parametrize("helm", HELMS)
@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"repicas": 2}, ""),
        ({"config": {"replicas": "two"}}, "config.replicas"),
        ({"config": {"tls": {"grcp": {}}}}, "config.tls"),
        ({"image": {"digest": "sha256:short"}}, "image.digest"),
    ],
)
def test_what_the_schema_refuses_is_refused_alike(helm: str, values: dict[str, Any], where: str) -> None:
    ours = renderer().render(a_case(values))
    theirs = HelmCommandRenderer(CHART, program(helm)).render(a_case(values))
    assert isinstance(ours, Refusal)
    assert isinstance(theirs, Refusal)
    assert {r.where for r in ours.reasons} == {where}
    assert {r.where.removeprefix("(root)") for r in theirs.reasons} == {where}


@pytest.mark.parametrize("helm", HELMS)
def test_lint_is_strictly_clean(helm: str) -> None:
    files = sorted([*(CHART / "examples").glob("*.yaml"), *(CHART / "ci").glob("*.yaml")])
    for options in ((), *(("--values", str(file)) for file in files)):
        done = run(helm, "lint", "--strict", str(CHART), *options)
        assert (done.returncode, "0 chart(s) failed" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize("helm", HELMS)
def test_a_packaged_chart_refuses_and_renders_as_its_folder_does(helm: str, tmp_path: Path) -> None:
    assert run(helm, "package", CHART, "--destination", tmp_path).returncode == 0
    (archive,) = tmp_path.glob("spicedb-*.tgz")
    with tarfile.open(archive) as files:
        assert {name.removeprefix("spicedb/") for name in files.getnames()} == set(chart().packaged)
    folder, package = (HelmCommandRenderer(place, program(helm)) for place in (CHART, archive))
    for values in ({}, {"profile": "production"}, {"tyop": 1}):
        assert _summary(package.render(a_case(values))) == _summary(folder.render(a_case(values)))


def _summary(outcome: Outcome) -> object:
    return _objects(outcome) if isinstance(outcome, Rendering) else outcome
