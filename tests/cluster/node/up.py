"""Bring the cluster up, in order, and take it down."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.images import Image
from tests.cluster.node import cgroups, configs, manifests, sandbox
from tests.cluster.node.layout import BIN, HOST, KUBECONFIG, LOGS, NODE, NODE_NAME, PKI, STATE
from tests.cluster.node.needs import CNI_PLUGINS
from tests.cluster.node.processes import Processes, StartError, log, tail
from tests.cluster.services import postgres

PROGRAMS = ("kube", "felix", "cluster-cni", "pause")
DATABASES = STATE / "postgres"
API_WITHIN = 60.0
NODE_WITHIN = 60.0
DNS_WITHIN = 60.0

Say = Callable[[str], None]


def up(programs: Mapping[str, Path], images: Sequence[Image], say: Say) -> Processes:
    """Bring the cluster up; it ends with the calling process. What an earlier one left must be gone."""
    begin = time.monotonic()

    def step(what: str) -> None:
        say(f"{time.monotonic() - begin:5.1f} s  {what}")

    first = {image.name: image for image in images if image.name in ("pause", "coredns")}
    _make_state(programs)
    cgroups.make()
    running = Processes(sandbox.make())
    step("namespaces")
    running.start("etcd", configs.etcd())
    for path, text in configs.files(first["pause"].reference):
        _write(path, text)
    running.start("containerd", configs.containerd())
    running.start("kube-apiserver", configs.api_server())
    step("certificates and configurations")
    _start_postgres(running)
    running.wait("containerd answers", lambda: _import_answers(running), API_WITHIN)
    load_images([*first.values()])
    # The rest is large, and needed later only.
    loading = subprocess.Popen(_import(running.sandbox, images), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    running.wait("the API server is ready", lambda: _api("/readyz") is not None, API_WITHIN)
    step("API server")
    running.start("kube-controller-manager", configs.controller_manager())
    running.start("kube-scheduler", configs.scheduler())
    running.start("kubelet", configs.kubelet())
    running.start("kube-proxy", configs.proxy())
    _create(running, manifests.calico_kinds())
    running.wait("the node is ready", _node_is_ready, NODE_WITHIN)
    step("node")
    _create(running, [manifests.calico_is_ready(), *manifests.dns(first["coredns"].reference)])
    running.start("felix", configs.felix())
    running.wait("DNS is ready", _dns_is_ready, DNS_WITHIN)
    step("DNS")
    running.wait("PostgreSQL answers", databases().answers, API_WITHIN)
    _, said = loading.communicate()
    if loading.returncode != 0:
        raise StartError(f"images cannot be loaded: {said.decode().strip()}")
    step("PostgreSQL, images")
    return running


def down() -> list[str]:
    """End what is left of a cluster, whoever left it; what cannot be removed is returned."""
    sandbox.end()
    left = [str(path) for path in cgroups.remove()]
    if STATE.exists():
        shutil.rmtree(STATE)
    return left


def leaves_something() -> bool:
    """Whether there is anything that `down` removes."""
    return STATE.exists() or cgroups.exist() or sandbox.link_exists()


def load_images(images: Sequence[Image]) -> None:
    """Give the cluster's node images that it lacks."""
    inside = sandbox.current()
    assert inside is not None
    # By digest: another checkout may have loaded another image under the same tag, which then stands for this one's.
    listed = inside.run("ctr", "--namespace", "k8s.io", "images", "list", "--quiet").splitlines()
    known = {name.rpartition("@")[2] for name in listed}
    missing = [image for image in images if image.digest not in known]
    if missing:
        subprocess.run(_import(inside, missing), stdout=subprocess.DEVNULL, check=True)


def databases() -> postgres.Server:
    """The PostgreSQL beside the cluster."""
    return postgres.prepared(DATABASES)


def kill_container(identity: str) -> None:
    """End a container's processes with SIGKILL."""
    inside = sandbox.current()
    assert inside is not None
    inside.run("ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", identity)


@dataclass(frozen=True)
class Process:
    """What the kernel says of a process: the lines of its status, and the options of each mount by its path."""

    status: Mapping[str, str]
    mounts: Mapping[str, tuple[str, ...]]


def process_of(identity: str) -> Process:
    """A container's first process."""
    inside = sandbox.current()
    assert inside is not None
    tasks = [line.split() for line in inside.run("ctr", "--namespace", "k8s.io", "tasks", "list").splitlines()]
    (pid,) = (task[1] for task in tasks if task[0] == identity)
    status = inside.run("cat", f"/proc/{pid}/status").splitlines()
    mounts = [line.split() for line in inside.run("cat", f"/proc/{pid}/mountinfo").splitlines()]
    return Process(
        {key: value.strip() for key, _, value in (line.partition(":") for line in status)},
        {mount[4]: tuple(mount[5].split(",")) for mount in mounts},
    )


def _import(inside: sandbox.Sandbox, images: Sequence[Image]) -> list[str]:
    archives = shlex.join(str(image.archive) for image in images)
    script = f'for archive in {archives}; do ctr --namespace k8s.io images import "$archive"; done'
    return inside.command("sh", "-ec", script)


def kubectl(*arguments: str, stdin: str = "") -> str:
    command = [str(BIN / "kube"), "kubectl", "--kubeconfig", str(KUBECONFIG), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _make_state(programs: Mapping[str, Path]) -> None:
    STATE.mkdir(mode=0o711)
    for folder in (BIN / "cni", LOGS):
        folder.mkdir(parents=True)
    for name in PROGRAMS:
        _link_or_copy(programs[name], BIN / name)
    for plugin in Path(CNI_PLUGINS).iterdir():
        (BIN / "cni" / plugin.name).symlink_to(plugin)
    (BIN / "cni" / "cluster-cni").symlink_to(BIN / "cluster-cni")


def _link_or_copy(source: Path, target: Path) -> None:
    """Into the state's folder, because the cache may lie where the cluster's namespaces see an empty folder."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.write_text(text)


def _start_postgres(running: Processes) -> None:
    server = postgres.prepare(DATABASES, HOST)
    *preparations, serve = postgres.commands(DATABASES, server)
    for command in preparations:
        with log("initdb").open("ab") as output:
            done = subprocess.run(running.sandbox.command(*command), stdout=output, stderr=output, check=False)
        if done.returncode != 0:
            raise StartError(f"PostgreSQL cannot be set up:\n{tail(log('initdb'))}")
    running.start("postgres", serve, network=False)


def _import_answers(running: Processes) -> bool:
    command = running.sandbox.command("ctr", "version")
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _create(running: Processes, objects: Sequence[Mapping[str, Any]]) -> None:
    """Create objects; kinds may take a moment to be known."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    problem = ""

    def applied() -> bool:
        nonlocal problem
        try:
            kubectl("apply", "--server-side", "--filename", "-", stdin=text)
        except StartError as error:
            problem = str(error)
            return False
        return True

    try:
        running.wait("objects are created", applied, API_WITHIN)
    except StartError as error:
        raise StartError(f"{error}\n{problem}") from None


def _node_is_ready() -> bool:
    node = _api(f"/api/v1/nodes/{NODE_NAME}")
    conditions = node.get("status", {}).get("conditions", []) if isinstance(node, dict) else []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _dns_is_ready() -> bool:
    deployment = _api("/apis/apps/v1/namespaces/kube-system/deployments/coredns")
    return isinstance(deployment, dict) and deployment.get("status", {}).get("readyReplicas") == 1


def _api(path: str) -> Any:
    """What the API server answers, or None while it does not."""
    context = ssl.create_default_context(cafile=str(PKI / "ca.crt"))
    context.load_cert_chain(PKI / "admin.crt", PKI / "admin.key")
    connection = http.client.HTTPSConnection(NODE, 6443, timeout=2, context=context)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        return None
    return json.loads(body) if body.startswith(b"{") else body.decode()
