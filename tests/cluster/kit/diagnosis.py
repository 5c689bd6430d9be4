"""What to know of a namespace when something failed in it: pods, events, the ends of logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.cluster.kit.api import Api, ApiError, path_of

LOG_LINES = 12
EVENTS = 25
WIDTH = 400


def diagnosis(api: Api, namespace: str) -> str:
    """As text, to be read below a failed assertion."""
    try:
        return "\n".join(line[:WIDTH] for line in _lines(api, namespace))
    except (OSError, ApiError) as error:
        return f"namespace {namespace} cannot be looked at: {error}"


def _lines(api: Api, namespace: str) -> Iterator[str]:
    yield f"--- namespace {namespace}"
    for kind in ("Deployment", "StatefulSet", "Job"):
        for one in api.get(path_of(kind, namespace))["items"]:
            yield f"{kind} {one['metadata']['name']}: {_status(one['status'])}"
    pods = api.get(path_of("Pod", namespace))["items"]
    for pod in pods:
        yield from _pod(pod)
    events = api.get(path_of("Event", namespace))["items"]
    for event in sorted(events, key=_time)[-EVENTS:]:
        about = event["involvedObject"]
        yield f"{_time(event)} {event['reason']} {about['kind']}/{about['name']}: {event['message']}".replace("\n", " ")
    for pod in pods:
        for container in pod["spec"].get("initContainers", []) + pod["spec"]["containers"]:
            yield from _log(api, namespace, pod["metadata"]["name"], container["name"])


def _pod(pod: Mapping[str, Any]) -> Iterator[str]:
    status = pod["status"]
    yield f"Pod {pod['metadata']['name']}: {status.get('phase')} {status.get('reason', '')} {status.get('message', '')}"
    for condition in status.get("conditions", []):
        if condition["status"] != "True" and condition.get("message"):
            yield f"    {condition['type']}: {condition.get('reason', '')} {condition['message']}"
    for container in status.get("initContainerStatuses", []) + status.get("containerStatuses", []):
        if not container["ready"]:
            yield f"    {container['name']}: restarts {container['restartCount']}, {container['state']}"


def _status(status: Mapping[str, Any]) -> str:
    numbers = [f"{key} {value}" for key, value in status.items() if isinstance(value, int)]
    messages = [c["message"] for c in status.get("conditions", []) if c["status"] != "True" and c.get("message")]
    return ", ".join(numbers + messages)


def _time(event: Mapping[str, Any]) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime") or event["metadata"]["creationTimestamp"])


def _log(api: Api, namespace: str, pod: str, container: str) -> Iterator[str]:
    path = f"{path_of('Pod', namespace, pod)}/log?container={container}&tailLines={LOG_LINES}"
    for previous in ("&previous=true", ""):
        try:
            text = api.request("GET", path + previous)
        except ApiError:
            continue
        if text.strip():
            yield f"--- log of {pod}/{container}{' before its restart' if previous else ''}"
            yield from text.splitlines()
