"""Formats are pure functions of a Run, and evidence.json is what its schema says."""

from __future__ import annotations

import html.parser
import json
import re
from dataclasses import replace
from functools import cache

import jsonschema
import jsonschema_rs
import pytest

from compliance import formats, pipeline
from compliance.formats import evidence_v1
from compliance.model import (
    MutationEvidence,
    Proof,
    Run,
    ScenarioEvidence,
    ScenarioOutcome,
    ScenarioResult,
    Status,
    Survivor,
)
from tests.place import ROOT
from tests.project import production, request

SCHEMA = json.loads((ROOT / "compliance/formats/evidence_v1.schema.json").read_text())


@cache
def run_of_one_file() -> Run:
    return pipeline.run(request(values=("prod.yaml", production())), lambda *_: None)


@cache
def reports() -> dict[str, bytes]:
    return dict(formats.render_all(run_of_one_file()))


def test_the_schema_is_one_by_two_validators() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema_rs.meta.validate(SCHEMA)


def test_evidence_is_what_its_schema_says() -> None:
    document = json.loads(reports()["evidence.json"])
    assert [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(document)] == []
    assert document["schema"] == SCHEMA["$id"] == evidence_v1.SCHEMA


def with_outcomes() -> Run:
    outcome = ScenarioOutcome(
        id="security.network",
        shows="Only listed flows come about",
        result=ScenarioResult.FAILED,
        failure="a stranger got in",
        counts={"flows_allowed": 4},
        objects=7,
        images=("registry.test/spicedb@sha256:b",),
        kubernetes="v1.34.4",
        differences=("one node",),
        digest="d" * 64,
        times={"ready": 1.5},
        begun="2026-01-01T00:00:00+00:00",
    )
    return replace(run_of_one_file(), tests=ScenarioEvidence("outcomes.jsonl", (outcome,)))


def test_scenarios_stand_beside_the_statuses_and_do_not_change_them() -> None:
    document, without = evidence_v1.evidence(with_outcomes()), evidence_v1.evidence(run_of_one_file())
    assert [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(document)] == []
    assert [(test["method"], test["id"], test["result"]) for test in document["tests"]] == [
        ("TEST", "security.network", "failed")
    ]
    assert [control["status"] for control in document["controls"]] == [c["status"] for c in without["controls"]]
    assert without["tests"] is None


def test_reports_say_what_became_of_scenarios_and_which_were_not_run() -> None:
    said = dict(formats.render_all(with_outcomes()))["report.md"].decode()
    assert (
        "| security.network | **failed** | Only listed flows come about; flows_allowed 4: a stranger got in |" in said
    )
    assert "- dispatch.tls: **not run**. Plaintext is refused" in said
    assert "- dispatch.tls: not part of this run. Plaintext is refused" in reports()["report.md"].decode()


def test_two_renderings_of_a_run_have_the_same_bytes() -> None:
    assert dict(formats.render_all(run_of_one_file())) == reports()


def test_every_format_makes_its_files() -> None:
    frameworks = tuple(framework.id for framework in run_of_one_file().frameworks)
    assert tuple(sorted(reports())) == formats.file_names(frameworks)
    assert sorted(reports()) == [
        "evidence.json",
        "pci_dss_4_0_1.html",
        "pci_dss_4_0_1.md",
        "report.html",
        "report.md",
        "soc2.html",
        "soc2.md",
    ]


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids += [value] if (value := values.get("id")) else []
        if tag == "a":
            self.targets.append(values.get("href") or "")
        self.fetched += [value for key in ("src", "srcset", "data") if (value := values.get(key))]
        self.fetched += [tag] if tag in ("link", "iframe", "object", "base") else []


@pytest.mark.parametrize("name", ["report.html", "soc2.html", "pci_dss_4_0_1.html"])
def test_html_is_one_small_file_whose_links_lead_somewhere(name: str) -> None:
    text = reports()[name].decode()
    page = _Links()
    page.feed(text)
    assert len(text) < 3_000_000
    assert page.fetched == []
    assert "url(" not in text
    assert len(page.ids) == len(set(page.ids))
    assert [target for target in page.targets if not target.startswith("#") or target[1:] not in page.ids] == []


def test_values_are_escaped_in_html() -> None:
    run = pipeline.run(request(values=("<script>x</script>.yaml", production())), lambda *_: None)
    text = dict(formats.render_all(run))["report.html"].decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_a_report_of_one_framework_speaks_of_no_other() -> None:
    assert b"CC6.6" in reports()["soc2.html"]
    assert b"CC6.6" not in reports()["pci_dss_4_0_1.html"]


def test_no_report_says_compliant() -> None:
    for name, data in reports().items():
        found = re.findall(rb"(?i)\b(?:non-?)?compliant\b", data)
        assert found == [], name


def test_nothing_supported_is_without_observations() -> None:
    document = json.loads(reports()["evidence.json"])
    observed = {o["rule"] for o in document["observations"] if o["count"] > 0}
    for control in document["controls"]:
        for standing in control["profiles"]:
            if standing["status"] == Status.SUPPORTED:
                assert standing["configurations"]["supporting"] > 0, control["id"]
                assert {m["rule"] for m in control["rules"]} & observed, control["id"]


def with_mistakes() -> Run:
    run = run_of_one_file()
    survivor = Survivor(
        "run-privileged",
        "an example",
        "Deployment/spicedb spec",
        ("workload.not_privileged",),
        (),
        ("soc2:CC6.3", "pci_dss_4_0_1:2.2.1"),
    )
    proofs = [
        replace(proof, proof=Proof.UNPROVEN if proof.rule == "workload.not_privileged" else Proof.PROVEN, mutants=2)
        for proof in run.proofs
    ]
    mutation = MutationEvidence("m.json", "d" * 64, 3, 5, 2, 1, tuple(proofs), (survivor,))
    return replace(run, mutation=mutation, proofs=tuple(proofs))


def test_reports_say_which_rule_is_not_proven_and_what_rests_on_it() -> None:
    said = dict(formats.render_all(with_mistakes()))
    assert "1 of 2 mistakes made in passing renderings were noticed" in said["report.md"].decode()
    assert "- The rule **workload.not_privileged** is unproven: held in 11 renderings" in said["report.md"].decode()
    assert "weakens soc2:CC6.3, pci_dss_4_0_1:2.2.1" in said["report.md"].decode()
    assert "weakens soc2:CC6.3\n" in said["soc2.md"].decode()
    page = said["report.html"].decode()
    assert "Controls that rest on a rule which is not proven" in page
    assert "Deployment/spicedb spec" in page


def test_evidence_has_mistakes_and_proofs_or_says_that_there_are_none() -> None:
    document, without = evidence_v1.evidence(with_mistakes()), evidence_v1.evidence(run_of_one_file())
    assert [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(document)] == []
    assert (document["mutation"]["mutants"], document["mutation"]["killed"]) == (2, 1)
    assert {rule["proof"]["state"] for rule in document["rules"]} == {"proven", "unproven"}
    assert without["mutation"] is None
    assert {rule["proof"]["state"] for rule in without["rules"]} == {"not measured"}
    assert "not measured: held in 11 renderings, failed in 0; no mistakes were made" in reports()["report.md"].decode()
