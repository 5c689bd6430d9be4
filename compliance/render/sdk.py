"""Rendering in process, with the Helm SDK that helm-python-sdk carries.

Schema and constraints are judged in Python, microseconds instead of milliseconds, and the chart is rendered without
both; the judges show that the stock Helm, with both, agrees on every covering row.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import helm_python
import jsonschema_rs
from helm_python import _native

from compliance.chart import Chart
from compliance.constraints import broken
from compliance.errors import InputError
from compliance.model import Case, Failure, KubernetesObject, Outcome, Reason, ReasonKind, Refusal, Rendering
from compliance.render import NAMESPACE, RELEASE
from compliance.render.manifests import ManifestError, documents, read_object
from compliance.render.refusals import constraint_reasons, reasons_of
from compliance.values import merge


class SdkRenderer:
    """One chart loaded once. Not shared between threads: a chart handle is not immutable."""

    def __init__(self, chart: Chart, release: str = RELEASE) -> None:
        self._chart = chart
        self._release = release
        self._validator = _validator(chart)
        try:
            self._handle = helm_python.Chart.load_archive(_archive(chart))
        except helm_python.HelmError as error:
            raise InputError(f"Helm can't load the chart '{chart.name}': {error}") from error
        self._object = lru_cache(maxsize=4096)(_read_object)

    @property
    def version(self) -> str:
        return f"Helm SDK {helm_python.helm_sdk_version()} (helm-python-sdk {helm_python.__version__})"

    def render(self, case: Case) -> Outcome:
        merged = merge(self._chart.defaults, case.values)
        if reasons := self._schema_reasons(merged):
            return Refusal(case, reasons)
        if constraints := broken(self._chart.constraints, merged):
            return Refusal(case, reasons_of(constraints))
        try:
            texts = self._helm_template(case)
        except helm_python.HelmError as error:
            message = str(error)
            named = constraint_reasons(message)
            return Refusal(case, named) if named else Failure(case, message)
        return self._read(case, texts)

    def _schema_reasons(self, merged: Mapping[str, Any]) -> tuple[Reason, ...]:
        errors = self._validator.iter_errors(merged)
        return tuple(
            Reason(ReasonKind.SCHEMA, ".".join(str(part) for part in error.instance_path), error.message)
            for error in errors
        )

    def _helm_template(self, case: Case) -> Mapping[str, str]:
        # Chart.render() hides kube_version, which the native call takes: hence the private name.
        options = {"name": self._release, "namespace": NAMESPACE, "kube_version": f"v{case.kubernetes}.0"}
        rendered = _native.call_string(
            "helm_render", self._handle._raw(), json.dumps(dict(case.values)), json.dumps(options)
        )
        texts: Mapping[str, str] = json.loads(rendered)
        return texts

    def _read(self, case: Case, texts: Mapping[str, str]) -> Outcome:
        objects: dict[str, KubernetesObject] = {}
        notes, count = "", 0
        for name in sorted(texts):
            source = name.partition("/")[2]
            if name.endswith("NOTES.txt"):
                notes = texts[name]
                continue
            for document in documents(texts[name]):
                count += 1
                try:
                    found = self._object(document, source)
                except ManifestError as error:
                    return Failure(case, str(error))
                if found.id in objects:
                    return Failure(case, f"{source}: {found.id} is rendered twice (also by {objects[found.id].source})")
                objects[found.id] = found
        return Rendering(case, tuple(objects[id_] for id_ in sorted(objects)), notes, count)


def _read_object(document: str, source: str) -> KubernetesObject:
    # Helm's own YAML parser, so that the rules see what a cluster would.
    return read_object(document, source, helm_python.values_from_yaml, helm_python.HelmValuesError)


def _validator(chart: Chart) -> jsonschema_rs.Validator:
    try:
        return jsonschema_rs.validator_for(dict(chart.schema))
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise InputError(f"{Chart.SCHEMA}: not a usable JSON schema: {error}") from error


def _archive(chart: Chart) -> bytes:
    """The packaged chart without its schema and guards, as the .tgz bytes that Helm loads."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in sorted(chart.packaged.items()):
            if name in (Chart.SCHEMA, Chart.GUARDS):
                continue
            entry = tarfile.TarInfo(f"{chart.name}/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
