"""The judges as functions, and the Cases that they judge: every covering row, built once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from compliance.engines.rego import parameters_for
from compliance.model import Case, Origin, OriginKind, Rendering
from compliance.pipeline import kubernetes_versions
from compliance.render import NAMESPACE, RELEASE
from compliance.space.cases import Space, covering_cases, named_cases, whole_space
from tests.judges.build import build
from tests.place import ROOT
from tests.project import chart, renderer

CHART = ROOT / "spicedb"
POLICIES = ROOT / "policies"


@cache
def program(name: str) -> Path:
    """A judge, built if need be."""
    return build([name])[name]


def run(name: str, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(program(name)), *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT)


@cache
def space() -> Space:
    return whole_space(chart(), chart().profiles, kubernetes_versions(), 0, 1)


@cache
def rows() -> tuple[Case, ...]:
    """The covering rows, and defaults and examples for the newest Kubernetes, each once."""
    versions = kubernetes_versions()
    cases = [*named_cases(chart(), versions[-1:]), *covering_cases(chart(), chart().profiles, versions)]
    return tuple({case.id: case for case in cases}.values())


@cache
def renderings() -> tuple[Rendering, ...]:
    """The rows rendered in process."""
    outcomes = [renderer().render(case) for case in rows()]
    failed = [outcome for outcome in outcomes if not isinstance(outcome, Rendering)]
    assert failed == []
    return tuple(outcome for outcome in outcomes if isinstance(outcome, Rendering))


def as_input(rendering: Rendering) -> dict[str, Any]:
    """What the rules see of a rendering."""
    return {
        "resources": [dict(o.data) for o in rendering.objects],
        "parameters": parameters_for(rendering.case.kubernetes),
    }


def json_lines(documents: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


def a_case(values: Mapping[str, Any]) -> Case:
    origin = Origin(OriginKind.USER, "test")
    return Case(values, kubernetes_versions()[-1], chart().profile_of(values), origin)


def template_arguments(files: Sequence[Path]) -> tuple[str, ...]:
    options = tuple(option for file in files for option in ("--values", str(file)))
    newest = f"v{kubernetes_versions()[-1]}.0"
    return ("template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--kube-version", newest, *options)
