"""Rendering with the stock `helm template` command: slow, and what users run."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

import helm_python

from compliance.model import Case, Failure, KubernetesObject, Outcome, Reason, ReasonKind, Refusal, Rendering
from compliance.render import NAMESPACE, RELEASE
from compliance.render.manifests import ManifestError, documents, read_object
from compliance.render.refusals import constraint_reasons

_SOURCE = re.compile(r"^# Source: [^/\n]+/(\S+)$", re.MULTILINE)
# Helm 3 says "- config.replicas: …", Helm 4 says "- at '/config/replicas': …".
_SCHEMA_ERROR = re.compile(r"^- (?:at '([^']*)'|([^:\n]+)): (.*)$", re.MULTILINE)


class HelmCommandRenderer:
    """One chart folder and one helm program."""

    def __init__(self, chart_folder: Path, helm: Path) -> None:
        self._chart = chart_folder
        self._helm = helm

    @property
    def version(self) -> str:
        return self._run("version", "--short").stdout.strip()

    def render(self, case: Case) -> Outcome:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as values:
            json.dump(dict(case.values), values)
            values.flush()
            options = ("--namespace", NAMESPACE, "--kube-version", f"v{case.kubernetes}.0", "--values", values.name)
            done = self._run("template", RELEASE, str(self._chart), *options)
        if done.returncode:
            return _refusal_or_failure(case, done.stderr)
        return _read(case, done.stdout)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(self._helm), *arguments], capture_output=True, text=True, check=False)


def _refusal_or_failure(case: Case, error: str) -> Outcome:
    if "values don't meet the specifications of the schema" in error:
        return Refusal(
            case,
            tuple(
                Reason(ReasonKind.SCHEMA, (pointer.strip("/").replace("/", ".") or path).strip(), message)
                for pointer, path, message in _SCHEMA_ERROR.findall(error)
            ),
        )
    reasons = constraint_reasons(error)
    return Refusal(case, reasons) if reasons else Failure(case, error.strip())


def _read(case: Case, text: str) -> Outcome:
    objects: dict[str, KubernetesObject] = {}
    found_documents = documents(text)
    for document in found_documents:
        source = _SOURCE.search(document)
        try:
            found = read_object(
                document, source.group(1) if source else "", helm_python.values_from_yaml, helm_python.HelmValuesError
            )
        except ManifestError as error:
            return Failure(case, str(error))
        objects[found.id] = found
    return Rendering(case, tuple(objects[id_] for id_ in sorted(objects)), "", len(found_documents))
