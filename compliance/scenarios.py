"""Outcomes of scenarios on a real cluster, read as evidence of their own kind: method TEST, beside what manifests show.

A rendering is examined; a scenario is run. The two never add up to one figure: a control's status comes from renderings
alone, and the scenarios that speak to it stand beside it with what became of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compliance.errors import InputError
from compliance.model import Control, ScenarioEvidence, ScenarioMapping, ScenarioOutcome, ScenarioResult
from compliance.values import digest

SCHEMA = "spicedb-compliance/cluster-outcome/v1"
NOT_HASHED = ("schema", "method", "digest", "times", "begun")
_FIELDS = {
    "schema", "method", "digest", "id", "title", "shows", "chart", "result", "failure", "counts", "objects", "images",
    "kubernetes", "differences", "times", "begun",
}  # fmt: skip


def read_outcomes(text: str, name: str, chart_digest: str) -> ScenarioEvidence:
    """The outcomes of a file of JSON lines.

    Raises InputError for a line that is no outcome or was changed after it was written, for a scenario that stands
    there twice, for a file without any, and for outcomes of another chart than `chart_digest`: they say nothing of
    this one.
    """
    outcomes: dict[str, ScenarioOutcome] = {}
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        outcome, chart = _outcome(line, where)
        if chart != chart_digest:
            raise InputError(
                f"{where}: {outcome.id} ran another chart (SHA-256 {chart[:16]}…) than this one "
                f"({chart_digest[:16]}…): run make cluster-test again"
            )
        if outcome.id in outcomes:
            raise InputError(f"{where}: the scenario {outcome.id} stands there twice")
        outcomes[outcome.id] = outcome
    if not outcomes:
        raise InputError(f"{name}: holds no outcome; make cluster-test writes one a scenario")
    return ScenarioEvidence(name, tuple(outcomes[id_] for id_ in sorted(outcomes)))


def of_mapping(mapping: ScenarioMapping, tests: ScenarioEvidence | None) -> list[ScenarioOutcome]:
    """What became of the scenario that a mapping names, one entry a parameter of it; empty where it did not run."""
    outcomes = tests.outcomes if tests else ()
    return [o for o in outcomes if o.id == mapping.test or o.id.startswith(f"{mapping.test}.")]


def not_run(controls: tuple[Control, ...], tests: ScenarioEvidence | None) -> list[str]:
    """The scenarios that controls name and that did not run."""
    named = {mapping.test: mapping for control in controls for mapping in control.tests}
    return sorted(test for test, mapping in named.items() if not of_mapping(mapping, tests))


def _outcome(line: str, where: str) -> tuple[ScenarioOutcome, str]:
    try:
        document = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON: {error.msg}") from error
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA or set(document) != _FIELDS:
        raise InputError(f"{where}: not an outcome of this version ({SCHEMA})")
    hashed = {key: value for key, value in document.items() if key not in NOT_HASHED}
    if digest(hashed) != document["digest"]:
        raise InputError(f"{where}: {document['id']} was changed after it was written: its digest is another")
    return _parsed(document), str(document["chart"])


def _parsed(document: Mapping[str, Any]) -> ScenarioOutcome:
    return ScenarioOutcome(
        id=document["id"],
        shows=document["shows"],
        result=ScenarioResult(document["result"]),
        failure=document["failure"],
        counts=document["counts"],
        objects=len(document["objects"]),
        images=tuple(f"{image['image']}@{image['digest']}" for image in document["images"]),
        kubernetes=document["kubernetes"],
        differences=tuple(document["differences"]),
        digest=document["digest"],
        times=document["times"],
        begun=document["begun"],
    )
