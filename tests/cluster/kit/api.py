"""The Kubernetes API over `kubectl proxy`: any kubeconfig works, and a request takes milliseconds."""

from __future__ import annotations

import http.client
import json
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from tests.cluster.services.processes import beside

TIMEOUT = 10.0
STARTS_WITHIN = 20.0

# Where the API has the kinds that scenarios look at.
KINDS: Mapping[str, tuple[str, str]] = {
    "ConfigMap": ("api/v1", "configmaps"),
    "Deployment": ("apis/apps/v1", "deployments"),
    "EndpointSlice": ("apis/discovery.k8s.io/v1", "endpointslices"),
    "Endpoints": ("api/v1", "endpoints"),
    "Event": ("api/v1", "events"),
    "HorizontalPodAutoscaler": ("apis/autoscaling/v2", "horizontalpodautoscalers"),
    "Job": ("apis/batch/v1", "jobs"),
    "NetworkPolicy": ("apis/networking.k8s.io/v1", "networkpolicies"),
    "Pod": ("api/v1", "pods"),
    "PodDisruptionBudget": ("apis/policy/v1", "poddisruptionbudgets"),
    "ReplicaSet": ("apis/apps/v1", "replicasets"),
    "Role": ("apis/rbac.authorization.k8s.io/v1", "roles"),
    "RoleBinding": ("apis/rbac.authorization.k8s.io/v1", "rolebindings"),
    "Secret": ("api/v1", "secrets"),
    "Service": ("api/v1", "services"),
    "ServiceAccount": ("api/v1", "serviceaccounts"),
    "StatefulSet": ("apis/apps/v1", "statefulsets"),
}


class ApiError(AssertionError):
    """The API server's answer when it is not what was hoped for."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class _Connection(http.client.HTTPConnection):
    """HTTP over a socket in the file system, which no other user can reach."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(str(self._path))


class Api:
    """Requests to the API server, as the user of the kubeconfig."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, content: str = "application/json"
    ) -> str:
        return self.answered(method, path, body, content)[0]

    def answered(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, content: str = "application/json"
    ) -> tuple[str, list[str]]:
        """The answer, and the warnings that came with it."""
        connection = _Connection(self._path)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/{path}", text, {"Content-Type": content} if text else {})
            response = connection.getresponse()
            answer = response.read().decode(errors="replace")
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            raise ApiError(response.status, _message(answer))
        return answer, response.headers.get_all("Warning", [])

    def get(self, path: str, **query: str) -> Any:
        return json.loads(self.request("GET", f"{path}?{urlencode(query)}" if query else path))

    def find(self, path: str) -> Any:
        """The object, or None where there is none."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.status == http.HTTPStatus.NOT_FOUND:
                return None
            raise

    def create(self, path: str, body: Mapping[str, Any]) -> Any:
        return json.loads(self.request("POST", path, body))

    def merge(self, path: str, patch: Mapping[str, Any]) -> Any:
        return json.loads(self.request("PATCH", path, patch, "application/merge-patch+json"))

    def delete(self, path: str, **options: Any) -> None:
        """Delete what is there; what depends on it goes in the background."""
        try:
            self.request("DELETE", path, {"propagationPolicy": "Background", **options})
        except ApiError as error:
            if error.status != http.HTTPStatus.NOT_FOUND:
                raise


def path_of(kind: str, namespace: str, name: str = "") -> str:
    """Where an object is, or all of a kind."""
    group, plural = KINDS[kind]
    where = f"{group}/namespaces/{quote(namespace)}/{plural}"
    return f"{where}/{quote(name)}" if name else where


@contextmanager
def served(kubectl: Sequence[str], environment: Mapping[str, str]) -> Iterator[Api]:
    """The API, as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="api-") as folder:
        path = Path(folder) / "socket"
        with beside([*kubectl, "proxy", f"--unix-socket={path}"], environment) as proxy:
            end = time.monotonic() + STARTS_WITHIN
            while not path.exists():
                if proxy.poll() is not None or time.monotonic() > end:
                    proxy.kill()
                    assert proxy.stdout is not None
                    raise AssertionError(f"kubectl proxy does not start: {proxy.stdout.read().strip()}")
                time.sleep(0.02)
            yield Api(path)


def _message(answer: str) -> str:
    try:
        return str(json.loads(answer)["message"])
    except (ValueError, KeyError, TypeError):
        return answer.strip()[:500]
