"""Kubernetes' own OpenAPI schemas, strict, for each version from 1.27 to the newest that kubernetes-validate carries.

A rendering is judged by the schema of the Kubernetes version that it was rendered for. Custom kinds
(custom_kinds/*.json) have one schema, derived from their project's own CustomResourceDefinition, and Kubernetes'
metadata. An object of any other kind does not hold: no schema is known that could say that it is valid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema_rs

from compliance.engines import Judgement
from compliance.model import KubernetesObject, Observation, Rendering, Rule, Severity
from compliance.values import canonical_json, digest

OLDEST = (1, 27)


@cache
def _custom_kinds() -> Mapping[str, Mapping[str, Any]]:
    """What is kept of each custom kind, by "<apiVersion> <kind>"."""
    folder = files("compliance.engines") / "custom_kinds"
    kept = [json.loads(file.read_text()) for file in folder.iterdir() if file.name.endswith(".json")]
    return {f"{kind['apiVersion']} {kind['kind']}": kind for kind in kept}


RULE = Rule(
    id="kubernetes.schema",
    title="Objects are valid for the Kubernetes version that they were rendered for",
    description=(
        "The strict OpenAPI schema of that version, or of the project that a custom kind comes from: "
        "no unknown field, no wrong type, no missing field."
    ),
    severity=Severity.HIGH,
    kinds=("*",),
    remediation="Correct the template: the message names the field.",
    parameters=(),
    source="kubernetes-validate",
    digest=digest(
        {
            "kubernetes-validate": version("kubernetes-validate"),
            "custom kinds": {name: digest(kind) for name, kind in _custom_kinds().items()},
        }
    ),
)


def versions() -> tuple[str, ...]:
    """The minor versions that are looked at, oldest first: "1.27" to the newest known."""
    found = (_FOLDER.fullmatch(folder.name) for folder in _schemas().iterdir())
    known = sorted((int(match[1]), int(match[2])) for match in found if match)
    return tuple(f"{major}.{minor}" for major, minor in known if (major, minor) >= OLDEST)


class KubernetesSchemaEngine:
    """Each distinct object is validated once for each distinct schema that a version has for its kind."""

    name = "kubernetes_schema"
    rules = (RULE,)

    def __init__(self) -> None:
        self._verdicts: dict[tuple[str, int], tuple[str, str]] = {}

    @property
    def version(self) -> str:
        return f"kubernetes-validate {version('kubernetes-validate')}, jsonschema-rs {version('jsonschema-rs')}"

    def judge(self, rendering: Rendering) -> Judgement:
        observations = tuple(self._observe(o, rendering.case.kubernetes) for o in rendering.objects)
        return Judgement(observations, len(observations), 0)

    def _observe(self, object_: KubernetesObject, kubernetes: str) -> Observation:
        expected = f"valid for Kubernetes {kubernetes} (strict)"
        validator = _validator(kubernetes, object_.api_version, object_.kind)
        if validator is None:
            kind = f"{object_.api_version} {object_.kind}"
            message = f"no schema known: {kind} is neither in Kubernetes {kubernetes} nor in custom_kinds"
            return Observation(RULE.id, object_.id, "", "no schema known", expected, False, message)
        key = (object_.digest, id(validator))
        if key not in self._verdicts:
            self._verdicts[key] = _first_error(validator, object_.data)
        path, message = self._verdicts[key]
        if message:
            return Observation(RULE.id, object_.id, path, "invalid", expected, False, message)
        return Observation(RULE.id, object_.id, "", "valid", expected, True, "every field is known and well-typed")


def _first_error(validator: jsonschema_rs.Validator, data: Mapping[str, Any]) -> tuple[str, str]:
    for error in validator.iter_errors(data):
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.instance_path).lstrip(".")
        return path, error.message
    return "", ""


@cache
def _validator(kubernetes: str, api_version: str, kind: str) -> jsonschema_rs.Validator | None:
    group, _, api = api_version.rpartition("/")
    definitions = _definitions(kubernetes)
    closure: dict[str, Any] = {}
    if custom := _custom_kinds().get(f"{api_version} {kind}"):
        _collect(definitions, _METADATA, closure)
        properties = {**custom["schema"]["properties"], "metadata": {"$ref": f"#/$defs/{_METADATA}"}}
        return _compile(canonical_json({**custom["schema"], "properties": properties, "$defs": closure}))
    name = _names(kubernetes).get((group, api, kind))
    if name is None:
        return None
    _collect(definitions, name, closure)
    return _compile(canonical_json({"$ref": f"#/$defs/{name}", "$defs": closure}))


@cache
def _compile(schema: str) -> jsonschema_rs.Validator:
    """Versions whose schemas differ in nothing but prose share one validator."""
    return jsonschema_rs.validator_for(json.loads(schema))


@cache
def _definitions(kubernetes: str) -> Mapping[str, Any]:
    document = json.loads((_schemas() / f"v{kubernetes}.0-local-strict" / "_definitions.json").read_text())
    definitions: Mapping[str, Any] = document["$defs"]
    return definitions


@cache
def _names(kubernetes: str) -> Mapping[tuple[str, str, str], str]:
    return {
        (kind["group"], kind["version"], kind["kind"]): name
        for name, definition in _definitions(kubernetes).items()
        for kind in definition.get("x-kubernetes-group-version-kind", ())
    }


def _collect(definitions: Mapping[str, Any], name: str, closure: dict[str, Any]) -> None:
    if name in closure:
        return
    closure[name] = _without_prose(definitions[name])
    for reference in sorted(set(_REFERENCE.findall(json.dumps(closure[name])))):
        _collect(definitions, reference, closure)


def _schemas() -> Traversable:
    return files("kubernetes_validate") / "kubernetes-json-schema"


_METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_FOLDER = re.compile(r"v(\d+)\.(\d+)\.0-local-strict")
_REFERENCE = re.compile(r'"\$ref": "[^"]*#/\$defs/([^"]+)"')


def _without_prose(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if not (key == "description" and isinstance(value, str))}
        return {key: _without_prose(value) for key, value in kept.items()}
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    return node
