"""Pods to judge: those that Kubernetes tests its own Pod Security with, and pods drawn at random around its borders."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.place import ROOT

OLDEST = 25


@cache
def fixtures() -> Mapping[str, Mapping[str, Any]]:
    """The pods that the pinned module carries for 1.25 and newer, by "<level>/v<version>/<pass or fail>/<file>"."""
    asked = ["go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission"]
    module = subprocess.run(asked, cwd=ROOT / "tests/judges/podsecurity", capture_output=True, text=True, check=True)
    root = Path(module.stdout.strip()) / "test/testdata"
    files = sorted(root.glob("*/v1.*/*/*.yaml"))
    chosen = [file for file in files if int(file.parts[-3].removeprefix("v1.")) >= OLDEST]
    return {file.relative_to(root).as_posix(): yaml.load(file.read_text(), yaml.CSafeLoader) for file in chosen}


def drawn(count: int, seed: int) -> Sequence[Mapping[str, Any]]:
    """Workloads of all kinds: each begins as level restricted wants it, and has a few fields set at random."""
    draw = random.Random(seed)  # noqa: S311
    return [_workload(draw, number) for number in range(count)]


def _workload(draw: random.Random, number: int) -> Mapping[str, Any]:
    spec: dict[str, Any] = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [_container(f"main-{index}") for index in range(draw.randint(1, 2))],
    }
    if draw.random() < 0.4:
        spec["initContainers"] = [_container("first")]
    if draw.random() < 0.2:
        spec["ephemeralContainers"] = [_container("debug")]
    # What relaxes some checks is common here, so that it meets what they ask.
    if draw.random() < 0.4:
        spec |= draw.choice(({"hostUsers": False}, {"hostUsers": False}, {"os": {"name": "windows"}}))
    metadata: dict[str, Any] = {}
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3, 5))):
        _change(draw, metadata, spec)
    kind = draw.choice(tuple(_KINDS))
    version, path = _KINDS[kind]
    made: dict[str, Any] = {"metadata": metadata, "spec": spec}
    for key in reversed(path):
        made = {key: made}
    return {
        "apiVersion": version,
        "kind": kind,
        **made,
        "metadata": {"name": f"drawn-{number}", **made.get("metadata", {})},
    }


_TEMPLATE = ("spec", "template")
_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Pod": ("v1", ()),
    "ReplicationController": ("v1", _TEMPLATE),
    "Deployment": ("apps/v1", _TEMPLATE),
    "StatefulSet": ("apps/v1", _TEMPLATE),
    "DaemonSet": ("apps/v1", _TEMPLATE),
    "ReplicaSet": ("apps/v1", _TEMPLATE),
    "Job": ("batch/v1", _TEMPLATE),
    "CronJob": ("batch/v1", ("spec", "jobTemplate", "spec", "template")),
}


def _container(name: str) -> dict[str, Any]:
    context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {"name": name, "image": "example.com/app:1", "securityContext": context}


def _change(draw: random.Random, metadata: dict[str, Any], spec: dict[str, Any]) -> None:
    lists = [spec[key] for key in ("initContainers", "containers", "ephemeralContainers") if key in spec]
    container = draw.choice(draw.choice(lists))
    holders = {
        "pod": spec,
        "pod context": spec["securityContext"],
        "container": container,
        "context": container["securityContext"],
        "annotations": metadata.setdefault("annotations", {}),
    }
    where = draw.choice(tuple(_LEVELS))
    field = draw.choice(tuple(_LEVELS[where]))
    value = draw.choice(_LEVELS[where][field])
    if value is _ABSENT:
        holders[where].pop(field, None)
    else:
        holders[where][field] = value


_ABSENT = object()
_TRUE = (True, False, None, _ABSENT)
_HANDLERS = (
    None,
    {},
    *(
        {action: {"port": 80} | host}
        for action in ("httpGet", "tcpSocket")
        for host in ({}, {"host": ""}, {"host": "10.0.0.1"})
    ),
)
_PROFILES = (None, {}, *({"type": type_} for type_ in ("RuntimeDefault", "Localhost", "Unconfined", "")), _ABSENT)
_CONTEXT: Mapping[str, Sequence[Any]] = {
    "runAsNonRoot": _TRUE,
    "runAsUser": (0, 0, 0, 1, None, _ABSENT),
    "seccompProfile": _PROFILES,
    "appArmorProfile": _PROFILES,
    "seLinuxOptions": (
        None,
        {},
        {"level": "s0:c1,c2"},
        {"user": "", "role": None},
        {"user": "system_u"},
        {"role": "system_r"},
        *(
            {"type": type_}
            for type_ in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t")
        ),
    ),
    "windowsOptions": (None, {}, {"hostProcess": True}, {"hostProcess": False}, {"hostProcess": None}),
}
_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "kernel.msgmax",
)
_SEEN_CAPABILITIES = ("ALL", "CHOWN", "NET_BIND_SERVICE", "NET_RAW", "SYS_ADMIN")
_SOME_CAPABILITIES = (None, [], *([name] for name in _SEEN_CAPABILITIES), ["NET_BIND_SERVICE", "SYS_ADMIN"])
_VOLUMES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
)

# Where a field may stand and what it may be there.
_LEVELS: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "pod": {
        "os": (None, {"name": "linux"}, {"name": "windows"}, {"name": "windows"}),
        "hostUsers": (True, False, False, None),
        "hostNetwork": _TRUE,
        "hostPID": _TRUE,
        "hostIPC": _TRUE,
        "volumes": (
            [],
            None,
            [{"name": "none"}],
            *([{"name": "a", "emptyDir": {}}, {"name": "b", v: {}}] for v in _VOLUMES),
        ),
    },
    "pod context": {**_CONTEXT, "sysctls": (None, [], *([{"name": name, "value": "1"}] for name in _SYSCTLS))},
    "container": {
        "ports": (
            None,
            [],
            *([{"containerPort": 80}, {"containerPort": 81, "hostPort": port}] for port in (None, 0, 81)),
        ),
        "livenessProbe": _HANDLERS,
        "readinessProbe": _HANDLERS,
        "startupProbe": _HANDLERS,
        "lifecycle": (None, {}, *({hook: h} for hook in ("postStart", "preStop") for h in _HANDLERS)),
        "securityContext": ({}, {"capabilities": None}),
    },
    "context": {
        **_CONTEXT,
        "privileged": _TRUE,
        "allowPrivilegeEscalation": _TRUE,
        "capabilities": (
            None,
            {},
            _ABSENT,
            *({"drop": drop, "add": add} for drop in _SOME_CAPABILITIES for add in _SOME_CAPABILITIES),
        ),
        "procMount": ("Default", "Unmasked", "", None),
    },
    "annotations": {
        "container.apparmor.security.beta.kubernetes.io/main-0": ("", "runtime/default", "localhost/x", "unconfined"),
        "seccomp.security.alpha.kubernetes.io/pod": ("unconfined",),
    },
}
