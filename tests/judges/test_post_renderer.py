"""Kustomize as a post-renderer, as docs/post-renderer.md says: what it patches is patched, and nothing else changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.judges.programs import CHART, program, template_arguments
from tests.place import ROOT

FOLDER = ROOT / "docs/post-renderer"
DNS = {"options": [{"name": "ndots", "value": "2"}]}
AS_A_HOOK = CHART / "examples/production-postgres.yaml"
AS_A_JOB = CHART / "examples/postgres-external-secrets.yaml"

Render = Callable[..., dict[str, Any]]


@pytest.fixture(params=["helm", "helm3"])
def helm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def render(helm: str, tmp_path: Path) -> Render:
    """What `helm template` prints, by kind and name; patched where a post-renderer is given."""
    path = f"{program('kustomize').parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HELM_DATA_HOME": str(tmp_path)}

    def run(*arguments: str | Path) -> str:
        command = [str(program(helm)), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rendered(values: Path, *options: str | Path) -> dict[str, Any]:
        objects = yaml.safe_load_all(run(*template_arguments([values]), *options))
        return {f"{found['kind']}/{found['metadata']['name']}": found for found in objects if found}

    if helm == "helm":
        run("plugin", "install", FOLDER)
    return rendered


def _post_renderer(helm: str) -> tuple[str | Path, ...]:
    return ("--post-renderer", "kustomize" if helm == "helm" else FOLDER / "kustomize.sh")


def _job(objects: dict[str, Any]) -> dict[str, Any]:
    (found,) = (found for name, found in objects.items() if name.startswith("Job/"))
    pod: dict[str, Any] = found["spec"]["template"]["spec"]
    return pod


def test_a_patch_changes_what_it_names_and_nothing_else(helm: str, render: Render) -> None:
    wanted = render(AS_A_JOB)
    pod = wanted["Deployment/spicedb"]["spec"]["template"]["spec"]
    pod["dnsConfig"] = DNS
    pod["containers"][0]["startupProbe"]["periodSeconds"] = 5
    _job(wanted)["dnsConfig"] = DNS
    assert render(AS_A_JOB, *_post_renderer(helm)) == wanted


def test_hooks_are_patched_by_helm_4_and_not_by_helm_3(helm: str, render: Render) -> None:
    patched = render(AS_A_HOOK, *_post_renderer(helm))
    assert (_job(patched).get("dnsConfig") == DNS) is (helm == "helm")


def test_patches_of_another_folder_are_taken_where_one_is_named(helm: str, render: Render, tmp_path: Path) -> None:
    patch = {"op": "add", "path": "/spec/template/spec/hostNetwork", "value": False}
    target = {"kind": "Deployment"}
    patches = [{"target": target, "patch": yaml.safe_dump([patch])}]
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["rendered.yaml"], "patches": patches}))
    wanted = render(AS_A_JOB)
    wanted["Deployment/spicedb"]["spec"]["template"]["spec"]["hostNetwork"] = False
    assert render(AS_A_JOB, *_post_renderer(helm), "--post-renderer-args", tmp_path) == wanted
