"""The chart, installed by Helm."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from compliance.values import merge
from tests.cluster.kit import metrics, spicedb
from tests.cluster.kit.load import AS_IT_COMES, Client, Load
from tests.cluster.kit.metrics import Metrics
from tests.cluster.kit.namespace import Namespace, is_ready
from tests.cluster.kit.probe import Probe, Target
from tests.cluster.kit.spicedb import SpiceDB
from tests.cluster.services.processes import beside
from tests.judges.programs import CHART, program

GRPC = 50051
METRICS = 9090
FORWARDS_WITHIN = 15.0
# Longer than any scenario has; a scenario's own waits are what it is judged by.
HELM_TIMEOUT = "120s"


class HelmError(AssertionError):
    """Helm refused or failed; the message has its own words, and all about the namespace."""


@dataclass(frozen=True)
class Helm:
    """Helm 4, or 3 as `helm3`, on one namespace."""

    namespace: Namespace
    version: str = "helm"

    def run(self, *arguments: str, stdin: str = "") -> str:
        """What Helm answers; a failure is an error with its words."""
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="helm-") as home:
            # Nothing of the user's plug-ins and repositories.
            folders = dict.fromkeys(("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"), home)
            done = subprocess.run(
                [str(program(self.version)), *arguments, "--namespace", self.namespace.name],
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
                env=self.namespace.cluster.environment() | folders,
            )
        if done.returncode != 0:
            took = f"exit code {done.returncode} after {time.monotonic() - begin:.1f} s"
            said = f"helm {' '.join(arguments)}: {took}: {done.stderr.strip()}"
            raise HelmError(str(self.namespace.failure(said)))
        return done.stdout


@dataclass(frozen=True)
class _Workload:
    """What the servers' pods belong to, and the selector that finds them."""

    kind: str
    name: str
    selector: str


@dataclass(frozen=True)
class Release:
    """A release of the chart. `values` are those that were given last, with the images of the cluster."""

    helm: Helm
    name: str
    values: Mapping[str, Any]

    @property
    def namespace(self) -> Namespace:
        return self.helm.namespace

    # What Helm does

    def upgrade(self, values: Mapping[str, Any], *flags: str) -> Release:
        return _installed("upgrade", self.helm, self.name, values, flags)

    def rollback(self, revision: int = 0, *flags: str) -> None:
        """To a revision, or the one before."""
        self.helm.run("rollback", self.name, *([str(revision)] if revision else []), "--timeout", HELM_TIMEOUT, *flags)
        self.namespace.recorder.applied(self.objects())

    def uninstall(self, *flags: str) -> None:
        self.helm.run("uninstall", self.name, "--timeout", HELM_TIMEOUT, *flags)

    def test(self, *flags: str) -> str:
        """Run `helm test`; it fails with the test pod's logs."""
        said = self.helm.run("test", self.name, "--timeout", HELM_TIMEOUT, *flags)
        self.namespace.recorder.ran(self.namespace.list("Pod"))
        return said

    def objects(self) -> list[dict[str, Any]]:
        """What Helm gave to the cluster last, hooks included."""
        labels = f"owner=helm,name={self.name}"
        stored = max(
            self.namespace.list("Secret", labels), key=lambda secret: int(secret["metadata"]["labels"]["version"])
        )
        packed = base64.b64decode(base64.b64decode(stored["data"]["release"]))
        release = json.loads(gzip.decompress(packed))
        texts = [release["manifest"], *(hook["manifest"] for hook in release.get("hooks") or ())]
        return [one for text in texts for one in _documents(text)]

    # What runs then

    @property
    def fullname(self) -> str:
        """The base of the chart's object names."""
        return self._workload.name

    def pods(self) -> list[dict[str, Any]]:
        """The server's pods that are not on their way out."""
        return [pod for pod in self._all_pods() if "deletionTimestamp" not in pod["metadata"]]

    def _all_pods(self) -> list[dict[str, Any]]:
        return self.namespace.list("Pod", self._workload.selector)

    def ready(self, within: float = 60) -> Release:
        """Wait until the rollout is complete: every pod is of the newest revision and ready, and no other is left."""
        begin = time.monotonic()
        self.namespace.until(f"release {self.name} rolled out", self._rolled_out, within)
        self.namespace.recorder.time(ready=time.monotonic() - begin)
        self.namespace.recorder.ran(self.pods())
        return self

    def settled(self, within: float = 120) -> Release:
        """Wait for the rollout, and until the pods that it replaced are gone, which serve on for some seconds."""
        self.ready(within)
        self.namespace.until("old pods gone", lambda: len(self._all_pods()) == len(self.pods()), within)
        return self

    def _rolled_out(self) -> bool:
        now = self.namespace.get(self._workload.kind, self._workload.name)
        status, wanted = now["status"], now["spec"]["replicas"]
        seen = status.get("observedGeneration", 0) >= now["metadata"]["generation"]
        counts = [status.get(count, 0) for count in ("replicas", "updatedReplicas", "readyReplicas")]
        pods = self.pods()
        return seen and counts == [wanted] * 3 and len(pods) == wanted and all(is_ready(pod) for pod in pods)

    @cached_property
    def _workload(self) -> _Workload:
        """Looked up once, as no upgrade changes it: what Helm stores is large, and waiting looks often."""
        one = self._servers()
        labels = one["spec"]["selector"]["matchLabels"]
        return _Workload(one["kind"], one["metadata"]["name"], ",".join(f"{k}={v}" for k, v in labels.items()))

    def _servers(self) -> dict[str, Any]:
        (workload,) = (one for one in self.objects() if one["kind"] in ("Deployment", "StatefulSet"))
        return workload

    # Talking to it

    def token(self) -> str:
        """The first preshared key that the server accepts."""
        (container,) = (c for c in self._servers()["spec"]["template"]["spec"]["containers"] if c["name"] == "spicedb")
        references = {entry["name"]: entry.get("valueFrom", {}).get("secretKeyRef") for entry in container["env"]}
        reference = references["SPICEDB_GRPC_PRESHARED_KEY"]
        return self.namespace.secret_value(reference["name"], reference["key"]).strip().split(",")[0]

    def target(self, authority: str = "", token: str = "") -> Target:
        """The gRPC Service, as a client in the cluster names it."""
        return Target(f"{self.fullname}.{self.namespace.name}.svc:{GRPC}", token or self.token(), authority)

    @contextmanager
    def spicedb(self, pod: str = "", authority: str = "", token: str = "") -> Iterator[SpiceDB]:
        """A connection from outside to one pod, by `kubectl port-forward`, which no NetworkPolicy stops."""
        pod = pod or self.pods()[0]["metadata"]["name"]
        name = f"{self.fullname}.{self.namespace.name}.svc"
        with (
            self.forwarded(pod, GRPC) as port,
            spicedb.connected(f"127.0.0.1:{port}", token or self.token(), authority, name) as connection,
        ):
            yield connection

    def answers_rightly(self, pod: str = "", authority: str = "") -> bool:
        """Whether SpiceDB grants what was written to it, and nothing else."""
        with self.spicedb(pod, authority) as connection:
            connection.write_schema()
            connection.write("document:1#viewer@user:1")
            return connection.check("document:1#view@user:1") and not connection.check("document:1#view@user:2")

    def metrics(self, authority: str = "") -> list[Metrics]:
        """The metrics of each pod."""
        scraped = []
        for pod in self.pods():
            with self.forwarded(pod["metadata"]["name"], METRICS) as port:
                scraped.append(metrics.scrape(port, authority, self.fullname))
        return scraped

    @contextmanager
    def forwarded(self, pod: str, port: int) -> Iterator[int]:
        """A port of this machine that leads to one of a pod."""
        cluster = self.namespace.cluster
        where = ["--namespace", self.namespace.name, f"pod/{pod}", f":{port}"]
        command = [*cluster.kubectl, "port-forward", "--address=127.0.0.1", *where]
        with beside(command, cluster.environment()) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.match(r"Forwarding from 127\.0\.0\.1:(\d+)", first)
            if not found:
                process.kill()
                raise self.namespace.failure(f"port-forward to {pod}: {first}{process.stdout.read()}")
            yield int(found[1])

    @contextmanager
    def load(
        self, probe: Probe, authority: str = "", rate: float = 50, client: Client = AS_IT_COMES, token: str = ""
    ) -> Iterator[Load]:
        """Load on the gRPC Service while the block runs, after writing the data for it."""
        with self.spicedb(authority=authority) as connection:
            written_at = connection.write_load_data()
        with probe.load(self.target(authority, token), written_at, rate=rate, client=client) as load:
            yield load


def install(
    namespace: Namespace, values: Mapping[str, Any], *flags: str, name: str = "spicedb", helm: str = "helm"
) -> Release:
    """Install the chart; returns when Helm does, which without --wait is before pods are ready."""
    return _installed("install", Helm(namespace, helm), name, values, flags)


def template(
    namespace: Namespace, values: Mapping[str, Any], *flags: str, name: str = "spicedb"
) -> list[dict[str, Any]]:
    """What `helm template` makes of the values, hooks included, in Helm's order."""
    given = _with_images(namespace, values)
    version = f"--kube-version={namespace.cluster.version}"
    helm = Helm(namespace)
    text = helm.run("template", name, str(CHART), version, "--values", "-", *flags, stdin=json.dumps(given))
    return _documents(text)


def _installed(verb: str, helm: Helm, name: str, values: Mapping[str, Any], flags: Sequence[str]) -> Release:
    given = _with_images(helm.namespace, values)
    helm.run(verb, name, str(CHART), "--values", "-", "--timeout", HELM_TIMEOUT, *flags, stdin=json.dumps(given))
    release = Release(helm, name, given)
    helm.namespace.recorder.applied(release.objects())
    return release


def _documents(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one]


def _with_images(namespace: Namespace, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with images that the cluster has where they name none."""
    images = namespace.cluster.images
    test = {"repository": images["zed"].repository, "tag": images["zed"].tag}
    return merge({"image": {"repository": images["spicedb"].repository}, "tests": {"image": test}}, values)
