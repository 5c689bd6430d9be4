"""The project's own chart, rules and frameworks, read once, and a chart small enough to see through."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from compliance.chart import Chart, read_chart
from compliance.cli import read_tree
from compliance.controls import read_framework
from compliance.model import Case, Framework, Origin, OriginKind, Refusal, Rendering
from compliance.pipeline import Request, kubernetes_versions
from compliance.policies import Policies, read_policies
from compliance.render import RELEASE
from compliance.render.sdk import SdkRenderer
from compliance.space.factors import resolve
from compliance.values import put
from tests.place import ROOT

NEWEST = kubernetes_versions()[-1]


@cache
def chart() -> Chart:
    return read_chart(read_tree(ROOT / "spicedb"))


@cache
def policies() -> Policies:
    return read_policies(read_tree(ROOT / "policies"))


@cache
def frameworks() -> tuple[Framework, ...]:
    paths = sorted((ROOT / "compliance/frameworks").glob("*.yaml"))
    return tuple(read_framework(path.read_text(), path.name) for path in paths)


def request(**changes: Any) -> Request:
    """A request for the whole space of the project's chart, without random draws, but for what is given."""
    defaults: dict[str, Any] = {
        "chart": chart(),
        "policies": policies(),
        "frameworks": frameworks(),
        "profiles": chart().profiles,
        "values": None,
        "kubernetes": kubernetes_versions(),
        "draws": 0,
        "seed": 1,
        "commit": "",
        "time": "",
    }
    return Request(**(defaults | changes))


def case(values: Mapping[str, Any], kubernetes: str = NEWEST, of: Chart | None = None) -> Case:
    return Case(values, kubernetes, (of or chart()).profile_of(values), Origin(OriginKind.USER, "test"))


def production(**changes: Any) -> dict[str, Any]:
    """The values of the production example; a keyword such as config__replicas sets config.replicas."""
    values = dict(chart().examples["production-postgres.yaml"])
    for name, value in changes.items():
        values = put(values, name.replace("__", "."), value)
    return values


@cache
def renderer(release: str = RELEASE) -> SdkRenderer:
    return SdkRenderer(chart(), release)


def rendering(values: Mapping[str, Any], kubernetes: str = NEWEST, release: str = RELEASE) -> Rendering:
    outcome = renderer(release).render(case(values, kubernetes))
    assert isinstance(outcome, Rendering), f"{type(outcome).__name__} of {values}"
    return outcome


def rendered(values: Mapping[str, Any], kubernetes: str = NEWEST, release: str = RELEASE) -> dict[str, Any]:
    """What the chart makes of values: objects by kind and name, as in "Service/spicedb"."""
    objects = rendering(values, kubernetes, release).objects
    return {f"{o.kind}/{o.data['metadata']['name']}": o.data for o in objects}


def refused(values: Mapping[str, Any], release: str = RELEASE) -> list[str]:
    """Where the chart refuses values: paths for the schema, ids for constraints."""
    outcome = renderer(release).render(case(values))
    assert isinstance(outcome, Refusal), f"{type(outcome).__name__} of {values}"
    return [reason.where for reason in outcome.reasons]


def server(objects: Mapping[str, Any]) -> dict[str, Any]:
    """The server's container."""
    (container,) = objects["Deployment/spicedb"]["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = container
    return found


def environment(container: Mapping[str, Any]) -> dict[str, Any]:
    """A container's environment: values by name, and references as they are."""
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in container["env"]}


def in_schema(path: str) -> bool:
    """Whether the chart has a value, or a group of values, at a dotted path."""
    node = chart().schema
    for key in path.split("."):
        node = resolve(chart().schema, node, path)
        if key not in node.get("properties", {}):
            return False
        node = node["properties"][key]
    return True


TINY: dict[str, bytes] = {
    "Chart.yaml": b"apiVersion: v2\nname: tiny\nversion: 1.0.0\nappVersion: v1.56.0\n",
    "values.yaml": b"profile: development\nname: web\nreplicas: 1\ntls: false\nnotes: {}\n",
    "values.schema.json": b"""{
      "type": "object", "additionalProperties": false, "properties": {
        "profile": {"type": "string", "enum": ["development", "production"]},
        "name": {"type": "string"},
        "replicas": {"type": "integer", "minimum": 1, "maximum": 9, "examples": [2, 3]},
        "tls": {"type": "boolean"},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}, "examples": [{"a.b": "c"}]}}}""",
    "constraints.yaml": b"""constraints:
      - id: production-needs-tls
        when: {profile: {equals: production}}
        require: {tls: {equals: true}}
        message: Set tls to true.
        docs: README.md#tls
      - id: many-need-tls
        when: {replicas: {min: 3}}
        require: {tls: {equals: true}}
        message: Set tls to true, or replicas to 2.
        docs: README.md#tls
    """,
    "templates/map.yaml": b"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Values.name }}
data:
  replicas: {{ .Values.replicas | quote }}
  tls: {{ .Values.tls | quote }}
""",
}


def tiny_chart(**changes: str | None) -> Chart:
    """A chart of one ConfigMap. A keyword such as templates__map_yaml replaces templates/map.yaml; None removes it."""
    files = dict(TINY)
    for name, text in changes.items():
        path = name.replace("__", "/").replace("_yaml", ".yaml").replace("_json", ".json").replace("schema.", "schema.")
        path = path.replace("values_schema", "values.schema")
        if text is None:
            del files[path]
        else:
            files[path] = text.encode()
    return read_chart(files)
