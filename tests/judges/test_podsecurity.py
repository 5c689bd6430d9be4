"""Kubernetes' own admission code lets every pod of every row through at level restricted, at every version."""

from __future__ import annotations

import json
import subprocess

from compliance.pipeline import kubernetes_versions
from tests.judges.programs import json_lines, renderings, run
from tests.project import ROOT

WORKLOADS = ("Deployment", "StatefulSet", "Job", "Pod")


def test_every_pod_is_admitted_at_restricted() -> None:
    objects = {o.digest: o for rendering in renderings() for o in rendering.objects}
    lines = json_lines({"id": digest, "object": dict(o.data)} for digest, o in sorted(objects.items()))
    done = run("podsecurity", "-level", "restricted", "-versions", ",".join(kubernetes_versions()), stdin=lines)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    workloads = {digest for digest, o in objects.items() if o.kind in WORKLOADS}
    assert {answer["id"] for answer in answers if answer.get("pods") is not False} == workloads
    verdicts = [answer for answer in answers if "allowed" in answer]
    assert len(verdicts) == len(workloads) * len(kubernetes_versions())
    assert [verdict for verdict in verdicts if not verdict["allowed"]] == []


def test_a_pod_without_its_security_context_is_not_admitted() -> None:
    deployment = next(o for o in renderings()[0].objects if o.kind == "Deployment")
    broken = json.loads(deployment.json)
    del broken["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
    del broken["spec"]["template"]["spec"]["containers"][0]["securityContext"]["runAsNonRoot"]
    done = run("podsecurity", "-versions", "1.34", stdin=json_lines([{"id": "x", "object": broken}]))
    (verdict,) = (json.loads(line) for line in done.stdout.splitlines())
    assert verdict["allowed"] is False
    assert "runAsNonRoot" in verdict["reasons"][0]


def test_the_judge_agrees_with_every_fixture_of_kubernetes() -> None:
    command = ["go", "test", "-count=1", "./..."]
    done = subprocess.run(command, cwd=ROOT / "tests/judges/podsecurity", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
