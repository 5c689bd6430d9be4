"""A namespace for one scenario: what is made in it, looked at in it, and said of it when something fails."""

from __future__ import annotations

import base64
import http
import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.cluster.kit import waits
from tests.cluster.kit.api import ApiError, path_of
from tests.cluster.kit.cluster import Cluster
from tests.cluster.kit.diagnosis import diagnosis
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.probe import Probe
from tests.cluster.node import up
from tests.cluster.pki import Authority, Pair

Found = TypeVar("Found")

GONE_WITHIN = 60.0
POD_WITHIN = 30.0
OWNER = "spicedb.test/scenario"
RESTRICTED = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "latest",
}
FIELD_MANAGER = "scenario"


@dataclass(frozen=True)
class Namespace:
    """One namespace of the cluster."""

    cluster: Cluster
    name: str
    recorder: Recorder = field(repr=False)

    # Objects

    def get(self, kind: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.cluster.api.get(path_of(kind, self.name, name))
        return found

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.cluster.api.find(path_of(kind, self.name, name))
        return found

    def list(self, kind: str, labels: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cluster.api.get(path_of(kind, self.name), labelSelector=labels)["items"]
        return found

    def create(self, *objects: Mapping[str, Any]) -> None:
        for one in objects:
            self.cluster.api.create(path_of(one["kind"], self.name), one)

    def merge(self, kind: str, name: str, patch: Mapping[str, Any]) -> None:
        self.cluster.api.merge(path_of(kind, self.name, name), patch)

    def delete(self, kind: str, name: str, **options: Any) -> None:
        self.cluster.api.delete(path_of(kind, self.name, name), **options)

    def apply(self, objects: Iterable[Mapping[str, Any]]) -> str:
        """Apply objects as GitOps tools do, on the server, and say what kubectl said."""
        listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [*objects]})
        return self.kubectl("apply", "--server-side", f"--field-manager={FIELD_MANAGER}", "-f", "-", stdin=listed)

    def replace(self, objects: Iterable[Mapping[str, Any]]) -> str:
        """Put objects in the place of those that are there, whoever made them, and say what kubectl said."""
        listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [*objects]})
        return self.kubectl("replace", "-f", "-", stdin=listed)

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """What kubectl answers, in this namespace."""
        command = [*self.cluster.kubectl, "--namespace", self.name, *arguments]
        where = self.cluster.environment()
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, env=where)
        if done.returncode != 0:
            raise self.failure(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def secret(self, name: str, data: Mapping[str, str], kind: str = "Opaque") -> str:
        """A Secret, made or changed, and its name."""
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        if self.find("Secret", name):
            self.merge("Secret", name, {"data": encoded})
        else:
            self.create({"kind": "Secret", "metadata": {"name": name}, "type": kind, "data": encoded})
        return name

    def tls_secret(self, name: str, pair: Pair, authority: Authority) -> str:
        """A Secret with a certificate, its key, and the authority that signed it, as cert-manager makes them."""
        data = {"tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": authority.certificate}
        return self.secret(name, data, "kubernetes.io/tls")

    def secret_value(self, name: str, key: str) -> str:
        return base64.b64decode(self.get("Secret", name)["data"][key]).decode()

    def config_map(self, name: str, data: Mapping[str, str]) -> str:
        """A ConfigMap, made or changed, and its name."""
        if self.find("ConfigMap", name):
            self.merge("ConfigMap", name, {"data": dict(data)})
        else:
            self.create({"kind": "ConfigMap", "metadata": {"name": name}, "data": dict(data)})
        return name

    def logs(self, pod: str, container: str = "", previous: bool = False) -> str:
        query = f"?container={container}&previous={str(previous).lower()}"
        return self.cluster.api.request("GET", f"{path_of('Pod', self.name, pod)}/log{query}")

    def kill(self, pod: str, container: str = "spicedb") -> None:
        """Send SIGKILL to a container, which no API of Kubernetes does."""
        up.kill_container(self._identity(pod, container))

    def process(self, pod: str, container: str = "spicedb") -> up.Process:
        """A container's first process, as the node's kernel has it."""
        return up.process_of(self._identity(pod, container))

    def _identity(self, pod: str, container: str) -> str:
        """By what name the node's containerd knows a container; only on a node that is this machine."""
        self.cluster.host()
        statuses = self.get("Pod", pod)["status"]["containerStatuses"]
        (identity,) = (status["containerID"] for status in statuses if status["name"] == container)
        return str(identity.removeprefix("containerd://"))

    def evict(self, pod: str) -> None:
        """Ask for a pod to go, as draining a node does; a PodDisruptionBudget may refuse."""
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": self.name}}
        self.cluster.api.create(f"{path_of('Pod', self.name, pod)}/eviction", eviction)

    def restarts(self, pods: Iterable[Mapping[str, Any]]) -> int:
        """How often containers of the pods have restarted."""
        now = (self.get("Pod", pod["metadata"]["name"])["status"] for pod in pods)
        return sum(status["restartCount"] for pod in now for status in pod["containerStatuses"])

    def last_words(self, component: str) -> str:
        """What containers of a component's pods said last before they ended."""
        pods = self.list("Pod", f"app.kubernetes.io/component={component}")
        states = [status["state"] for pod in pods for status in pod["status"].get("containerStatuses", [])]
        return "\n".join(state["terminated"].get("message", "") for state in states if "terminated" in state)

    # Waiting

    def until(self, what: str, look: Callable[[], Found | None], within: float) -> Found:
        """What `look` finds in time; otherwise an assertion fails that tells all about the namespace."""
        return waits.until(what, look, within, explain=lambda: diagnosis(self.cluster.api, self.name))

    def job_done(self, name: str, within: float) -> None:
        self.until(f"job {name} done", lambda: self.get("Job", name)["status"].get("succeeded"), within)

    def failure(self, message: str) -> AssertionError:
        """An error that tells all about the namespace."""
        return AssertionError(f"{message}\n{diagnosis(self.cluster.api, self.name)}")

    # Pods to look through

    def probe(self, name: str = "probe", labels: Mapping[str, str] | None = None) -> Probe:
        """A pod of this namespace to look at others from, which also answers HTTP at port 8080."""
        self.create(_probe_pod(name, self.cluster.images["probe"].reference, labels or {}))
        ready = self.until(f"pod {name} ready", lambda: self._ready_pod(name), POD_WITHIN)
        return Probe(self.cluster, self.name, name, ready["status"]["podIP"])

    def _ready_pod(self, name: str) -> dict[str, Any] | None:
        pod = self.get("Pod", name)
        return pod if is_ready(pod) else None


def is_ready(pod: Mapping[str, Any]) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))


def make(cluster: Cluster, name: str, recorder: Recorder, labels: Mapping[str, str] | None = None) -> Namespace:
    """A new namespace in which only pods are admitted that keep to Pod Security `restricted`.

    One of that name that an earlier run left goes away first, unless somebody else made it.
    """
    path = f"api/v1/namespaces/{name}"
    there = cluster.api.find(path)
    if there and OWNER not in there["metadata"].get("labels", {}):
        raise AssertionError(f"namespace {name} is there already, and no scenario made it: delete it, or rename it")
    if there:
        cluster.api.delete(path)
        waits.until(f"namespace {name} gone", lambda: cluster.api.find(path) is None, GONE_WITHIN)
    metadata = {"name": name, "labels": {OWNER: name, **RESTRICTED, **(labels or {})}}
    cluster.api.create("api/v1/namespaces", {"kind": "Namespace", "apiVersion": "v1", "metadata": metadata})
    namespace = Namespace(cluster, name, recorder)
    # Pods are refused until the controllers have made it.
    waits.until("service account", lambda: namespace.find("ServiceAccount", "default"), POD_WITHIN, every=0.02)
    return namespace


def remove(namespace: Namespace) -> None:
    """Have a namespace go away, without waiting for it, and without letting its pods end in peace."""
    api = namespace.cluster.api
    try:
        api.delete(f"api/v1/namespaces/{namespace.name}")
        api.delete(path_of("Pod", namespace.name), gracePeriodSeconds=0)
    except ApiError as error:
        if error.status != http.HTTPStatus.CONFLICT:  # on its way already
            raise


def _probe_pod(name: str, image: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/name": "probe", **labels}},
        "spec": {
            "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "probe",
                    "image": image,
                    "args": ["serve", ":8080"],
                    "ports": [{"containerPort": 8080}],
                    "readinessProbe": {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1},
                    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "128Mi"}},
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }
