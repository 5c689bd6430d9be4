from __future__ import annotations

import dataclasses
import json
import re

import pytest

from compliance import pipeline
from compliance.errors import InputError
from compliance.gates import gates_of
from compliance.model import Control, Run, ScenarioEvidence, ScenarioMapping, ScenarioOutcome, ScenarioResult
from compliance.scenarios import not_run, of_mapping, read_outcomes
from tests.cluster.kit.outcomes import Applied, Outcome, Ran
from tests.project import NEWEST, production, request

CHART = "c" * 64


def outcome(id_: str = "install.memory", **changes: object) -> str:
    fields: dict[str, object] = {
        "id": id_,
        "title": "the defaults",
        "shows": "It works",
        "chart": CHART,
        "result": ScenarioResult.PASSED,
        "failure": "",
        "counts": {"sent": 3},
        "objects": (Applied("Service", "spicedb", "a" * 64),),
        "images": (Ran("registry.test/spicedb:v1", "sha256:b"),),
        "kubernetes": "v1.34.4",
        "differences": ("one node",),
        "times": {"ready": 1.5},
        "begun": "2026-01-01T00:00:00+00:00",
    }
    return Outcome(**(fields | changes)).to_json() + "\n"  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def run() -> Run:
    return pipeline.run(request(values=("prod.yaml", production()), kubernetes=(NEWEST,)), lambda *_: None)


def read(text: str) -> ScenarioEvidence:
    return read_outcomes(text, "outcomes.jsonl", CHART)


def test_what_the_scenarios_wrote_is_read_as_evidence_of_its_own_kind() -> None:
    (found,) = read(outcome()).outcomes
    assert found == ScenarioOutcome(
        id="install.memory",
        shows="It works",
        result=ScenarioResult.PASSED,
        failure="",
        counts={"sent": 3},
        objects=1,
        images=("registry.test/spicedb:v1@sha256:b",),
        kubernetes="v1.34.4",
        differences=("one node",),
        digest=json.loads(outcome())["digest"],
        times={"ready": 1.5},
        begun="2026-01-01T00:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "outcomes.jsonl: holds no outcome"),
        ("{\n", "outcomes.jsonl:1: not JSON"),
        ("{}\n", "outcomes.jsonl:1: not an outcome of this version"),
        (outcome() + outcome(), "outcomes.jsonl:2: the scenario install.memory stands there twice"),
        (outcome().replace("passed", "failed"), "outcomes.jsonl:1: install.memory was changed after it was written"),
        (outcome(chart="d" * 64), "outcomes.jsonl:1: install.memory ran another chart (SHA-256 dddd"),
    ],
)
def test_outcomes_that_say_nothing_of_this_chart_are_bad_input(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        read(text)


def test_times_may_differ_without_a_change_of_what_is_hashed() -> None:
    assert read(outcome(times={})).outcomes[0].digest == read(outcome()).outcomes[0].digest


def test_a_scenario_with_parameters_is_named_by_the_first_part_of_its_id() -> None:
    tests = read(outcome("dispatch.broken.san") + outcome("dispatch.broken-not"))
    mapping = ScenarioMapping("dispatch.broken", "It is seen.")
    assert [found.id for found in of_mapping(mapping, tests)] == ["dispatch.broken.san"]


def test_a_scenario_that_a_control_names_and_that_did_not_run_is_said_so() -> None:
    control = Control("soc2", "CC6.6", "x", (), "", {}, tests=(ScenarioMapping("security.network", "It is enforced."),))
    assert not_run((control,), read(outcome())) == ["security.network"]
    assert not_run((control,), read(outcome("security.network"))) == []


def test_one_scenario_that_failed_makes_the_gate_fall(run: Run) -> None:
    named = sorted({m.test for f in run.frameworks for c in f.controls for m in c.tests})
    passed = "".join(map(outcome, named))
    failed = outcome("uninstall", result=ScenarioResult.FAILED, failure="a Service is left")
    assert _gate(run, passed) == (True, f"{len(named)} passed, 0 failed, 0 error")
    holds, detail = _gate(run, passed + failed)
    assert (holds, detail) == (
        False,
        f"{len(named)} passed, 1 failed, 0 error; uninstall failed: a Service is left",
    )
    holds, detail = _gate(run, outcome(named[0]))
    assert (holds, detail) == (
        False,
        f"1 passed, 0 failed, 0 error; named by controls and not run: {', '.join(named[1:])}",
    )


def _gate(run: Run, text: str) -> tuple[bool, str]:
    (gate,) = (g for g in gates_of(dataclasses.replace(run, tests=read(text))) if "scenario" in g.name)
    return gate.holds, gate.detail
