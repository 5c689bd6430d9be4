"""The API server as judge: what it would say of objects, asked by strict dry runs that leave nothing behind."""

from __future__ import annotations

import http
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.cluster.kit import waits
from tests.cluster.kit.api import Api, ApiError
from tests.judges import crds

CRDS = "apis/apiextensions.k8s.io/v1/customresourcedefinitions"
PRIORITIES = "apis/scheduling.k8s.io/v1/priorityclasses"
ESTABLISHED_WITHIN = 30.0
GONE_WITHIN = 30.0
STRICTLY = "dryRun=All&fieldValidation=Strict"
TEMPLATES = {
    "CronJob": ("jobTemplate", "spec", "template"),
    "DaemonSet": ("template",),
    "Deployment": ("template",),
    "Job": ("template",),
    "StatefulSet": ("template",),
}


@dataclass(frozen=True)
class Objection:
    """What the API server has against an object: a refusal, or a warning."""

    kind: str
    name: str
    said: str


class Admission:
    """Dry runs of objects in one namespace."""

    def __init__(self, api: Api, namespace: str) -> None:
        self._api = api
        self._namespace = namespace
        self._plurals: dict[str, dict[str, tuple[str, bool]]] = {}

    def objections(self, document: Mapping[str, Any]) -> list[Objection]:
        """What is said against an object, as GitOps applies it, and against the pod that a workload would make."""
        found = self._asked(document, "PATCH", "application/apply-patch+yaml")
        pod = pod_of(document)
        return found + (self._asked(pod, "POST", "application/json") if pod else [])

    def _asked(self, document: Mapping[str, Any], method: str, content: str) -> list[Objection]:
        kind, name = document["kind"], document["metadata"]["name"]
        metadata = {key: value for key, value in document["metadata"].items() if key != "namespace"}
        path = self._path(document["apiVersion"], kind)
        path += f"/{name}?force=true&fieldManager=admission&{STRICTLY}" if method == "PATCH" else f"?{STRICTLY}"
        try:
            _, warnings = self._api.answered(method, path, {**document, "metadata": metadata}, content)
        except ApiError as error:
            return [Objection(kind, name, str(error))]
        return [Objection(kind, name, f"warning: {warning}") for warning in warnings]

    def _path(self, version: str, kind: str) -> str:
        root = f"apis/{version}" if "/" in version else f"api/{version}"
        if version not in self._plurals:
            resources = self._api.get(root)["resources"]
            self._plurals[version] = {
                r["kind"]: (r["name"], r["namespaced"]) for r in resources if "/" not in r["name"]
            }
        plural, namespaced = self._plurals[version][kind]
        return f"{root}/namespaces/{self._namespace}/{plural}" if namespaced else f"{root}/{plural}"


def pod_of(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The pod that a workload's controller would make."""
    if document["kind"] not in TEMPLATES:
        return None
    template: Any = document["spec"]
    for key in TEMPLATES[document["kind"]]:
        template = template[key]
    metadata = {**template.get("metadata", {}), "name": document["metadata"]["name"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


@contextmanager
def ready(api: Api, namespace: str, objects: Iterable[Mapping[str, Any]]) -> Iterator[Admission]:
    """Dry runs that find what a pod's admission looks up: its ServiceAccount, its PriorityClass, and custom kinds.

    What belongs to no namespace and was not there goes away afterwards.
    """
    specs = [
        pod["spec"] for document in objects if (pod := document if document["kind"] == "Pod" else pod_of(document))
    ]
    for account in sorted({spec.get("serviceAccountName", "default") for spec in specs} - {"default"}):
        path = f"api/v1/namespaces/{namespace}/serviceaccounts"
        api.create(path, {"kind": "ServiceAccount", "metadata": {"name": account}})
    with ExitStack() as stack:
        for name in sorted({spec["priorityClassName"] for spec in specs if "priorityClassName" in spec}):
            stack.enter_context(_there(api, PRIORITIES, {"metadata": {"name": name}, "value": 1000}))
        for defined in (*(found for _, found in crds.definitions()), *map(definition, crds.by_hand())):
            stack.enter_context(_there(api, CRDS, defined))
            name = defined["metadata"]["name"]
            waits.until(f"{name} is served", partial(_established, api, name), ESTABLISHED_WITHIN)
        yield Admission(api, namespace)


def definition(document: Mapping[str, Any]) -> dict[str, Any]:
    """A CustomResourceDefinition of a kind whose closed schema is written by hand."""
    group, _, version = document["apiVersion"].partition("/")
    plural = f"{document['kind'].lower()}s"
    # An API server closes schemas itself, and knows metadata.
    spec = {
        key: value for key, value in document["schema"]["properties"]["spec"].items() if key != "additionalProperties"
    }
    schema = {"type": "object", "properties": {"spec": spec}, "required": ["spec"]}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": document["kind"], "plural": plural},
            "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


@contextmanager
def _there(api: Api, path: str, document: Mapping[str, Any]) -> Iterator[None]:
    try:
        api.create(path, document)
    except ApiError as error:
        if error.status != http.HTTPStatus.CONFLICT:
            raise
        yield
        return
    try:
        yield
    finally:
        one = f"{path}/{document['metadata']['name']}"
        api.delete(one)
        waits.until(f"{one} is gone", lambda: api.find(one) is None, GONE_WITHIN)


def _established(api: Api, name: str) -> bool:
    conditions = api.get(f"{CRDS}/{name}").get("status", {}).get("conditions") or ()
    return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)
