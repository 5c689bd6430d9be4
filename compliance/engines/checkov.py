"""checkov's Kubernetes checks, on objects in memory: a second opinion, not a source of evidence.

Only the checks named in checkov.yaml are asked. checkov's runner is not used: it drops an object that it can't parse,
exits 0, and lets a NetworkPolicy of one rendering vouch for the pods of another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import checkov.kubernetes.checks.resource.k8s  # noqa: F401  (registers the checks)
from checkov.common.models.enums import CheckResult
from checkov.kubernetes.checks.resource.registry import registry

from compliance import yaml_files
from compliance.engines import Judgement
from compliance.errors import IncompleteRunError
from compliance.model import KubernetesObject, Observation, Rendering, Rule

PREFIX = "checkov."


@dataclass(frozen=True, slots=True)
class Difference:
    """A known difference: whose verdict fails, which is right, why, and at which paths (a regular expression).

    `shown` is a change (RFC 6902) of the rules' base example in which it comes about.
    """

    fails: str
    right: str
    cause: str
    path: str
    shown: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of checkov's: the rule that it is compared with (empty if none), and what is known of differences."""

    id: str
    rule: str
    no_rule: str
    asks_less: bool
    differences: tuple[Difference, ...]


def asked_checks() -> tuple[Check, ...]:
    """The checks of checkov.yaml."""
    return tuple(
        Check(
            id=id_,
            rule=entry.get("rule", ""),
            no_rule=entry.get("no_rule", ""),
            asks_less=entry.get("asks_less", False),
            differences=tuple(
                Difference(d["fails"], d["right"], d["cause"], d.get("path", ""), d["shown"])
                for d in entry.get("differences", ())
            ),
        )
        for id_, entry in _document()["checks"].items()
    )


def reason_not_asked(check: str) -> str | None:
    """Why a check is not asked; None if checkov.yaml says nothing of it."""
    number = re.fullmatch(r"CKV_K8S_(\d+)", check)
    for entry in _document()["not_asked"]:
        if number and entry["from"] <= int(number[1]) <= entry["to"]:
            return str(entry["reason"])
    return None


def known_checks() -> frozenset[str]:
    """The ids of every resource check that the installed checkov registers."""
    return frozenset(check.id for kind in registry.checks for check in registry.checks[kind])


class CheckovEngine:
    """Each distinct object is judged once."""

    name = "checkov"
    rules: tuple[Rule, ...] = ()

    def __init__(self) -> None:
        asked = {check.id for check in asked_checks()}
        self._checks = {
            kind: tuple(sorted((c for c in registry.get_checks(kind) if c.id in asked), key=lambda c: str(c.id)))
            for kind in registry.checks
        }
        self._verdicts: dict[str, Sequence[tuple[str, str, bool, str]]] = {}

    @property
    def version(self) -> str:
        return f"checkov {version('checkov')}"

    def judge(self, rendering: Rendering) -> Judgement:
        observations: list[Observation] = []
        looked_at = 0
        for object_ in rendering.objects:
            if not self._checks.get(object_.kind):
                continue
            looked_at += 1
            if object_.digest not in self._verdicts:
                self._verdicts[object_.digest] = self._judge(object_)
            for id_, path, holds, message in self._verdicts[object_.digest]:
                value = CheckResult.PASSED.value if holds else CheckResult.FAILED.value
                observations.append(
                    Observation(PREFIX + id_, object_.id, path, value, CheckResult.PASSED.value, holds, message)
                )
        return Judgement(tuple(observations), looked_at, len(rendering.objects) - looked_at)

    def _judge(self, object_: KubernetesObject) -> Sequence[tuple[str, str, bool, str]]:
        verdicts = []
        for check in self._checks[object_.kind]:
            try:
                result = check.run(
                    scanned_file=object_.source,
                    entity_configuration=dict(object_.data),
                    entity_name=object_.kind,
                    entity_type=object_.kind,
                    skip_info={},
                )
            except Exception as error:
                raise IncompleteRunError(f"checkov could not judge {object_.id} by {check.id}: {error!r}") from error
            # UNKNOWN means that checkov saw nothing to judge: not an observation.
            if result["result"] in (CheckResult.PASSED, CheckResult.FAILED):
                verdicts.append((check.id, _path(result), result["result"] is CheckResult.PASSED, check.name))
        if not verdicts:
            raise IncompleteRunError(
                f"checkov gave no result for {object_.id} (from {object_.source}), whose kind it has checks for"
            )
        return verdicts


def _path(result: Mapping[str, Any]) -> str:
    """Checkov's "spec/template/spec/containers/[0]/image" as a JSON path; only failures carry one."""
    keys = result.get("evaluated_keys") or [""]
    return str(keys[0]).replace("/[", "[").replace("/", ".")


@cache
def _document() -> dict[str, Any]:
    name = "checkov.yaml"
    return yaml_files.load_map((files("compliance.engines") / name).read_text(), name)
