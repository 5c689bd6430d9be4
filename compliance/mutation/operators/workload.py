"""Mistakes in pods and containers: privileges, host access, resources."""

from __future__ import annotations

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    appended,
    at,
    both,
    containers,
    found,
    instead,
    pods,
    setting,
    with_,
    without,
)
from compliance.mutation.operators import Operator

STRANGER = "quay.io/example/tool:latest"


def _bare_init_container(pod: Json) -> Json:
    return appended(pod, "initContainers", {"name": "init", "image": STRANGER, "command": ["/bin/true"]})


def _privileged_sidecar(pod: Json) -> Json:
    first = pod["containers"][0]
    sidecar = {
        "name": "sidecar",
        "image": first["image"],
        "command": ["/bin/sleep", "infinity"],
        "resources": first.get("resources", {}),
        "securityContext": {**first.get("securityContext", {}), "privileged": True, "allowPrivilegeEscalation": True},
    }
    return appended(pod, "containers", sidecar)


def _host_port(container: Json) -> Json | None:
    if not container.get("ports"):
        return None
    return with_(container, ["ports", 0, "hostPort"], container["ports"][0]["containerPort"])


def _without_everywhere(field: str) -> Change:
    """The pod's own setting and that of each of its containers, left out."""

    def change(pod: Json) -> Json | None:
        changed = without("securityContext", field)(pod) or pod
        for name in ("initContainers", "containers"):
            for index, container in enumerate(pod.get(name) or ()):
                bare = without("securityContext", field)(container)
                changed = with_(changed, [name, index], bare) if bare is not None else changed
        return changed

    return change


def _root_user(pod: Json) -> Json:
    return with_(pod, ["securityContext", "runAsUser"], 0)


def _pod_not_non_root(pod: Json) -> Json:
    return with_(pod, ["securityContext", "runAsNonRoot"], False)


def _unconfined(container: Json) -> Json:
    return with_(container, ["securityContext", "seccompProfile"], {"type": "Unconfined"})


def _volume(name: str, source: Json) -> Change:
    return lambda pod: appended(pod, "volumes", {"name": name, **source})


def _dropped_capabilities(container: Json) -> Json | None:
    drop = found(container, ("securityContext", "capabilities", "drop"))
    return with_(container, ["securityContext", "capabilities", "drop"], ["NET_RAW"]) if drop else None


OPERATORS = (
    Operator(
        "add-bare-init-container",
        "Add an init container from another registry, without a tag, limits or a securityContext.",
        (
            "supply_chain.image_digest",
            "supply_chain.image_registry",
            "supply_chain.image_tag",
            "workload.drop_all_capabilities",
            "workload.limits",
            "workload.no_privilege_escalation",
            "workload.read_only_root_filesystem",
            "workload.requests",
        ),
        at(pods, _bare_init_container),
    ),
    Operator(
        "add-privileged-sidecar",
        "Add a privileged container beside the others.",
        ("workload.not_privileged", "workload.no_privilege_escalation"),
        at(pods, _privileged_sidecar),
    ),
    Operator(
        "run-privileged",
        "Run a container privileged.",
        ("workload.not_privileged",),
        at(containers, setting(securityContext__privileged=True, securityContext__allowPrivilegeEscalation=True)),
    ),
    Operator(
        "allow-privilege-escalation",
        "Let the programs of a container gain privileges.",
        ("workload.no_privilege_escalation",),
        at(containers, instead("securityContext.allowPrivilegeEscalation", True)),
    ),
    Operator(
        "forget-privilege-escalation",
        "Leave allowPrivilegeEscalation out, which allows it.",
        ("workload.no_privilege_escalation",),
        at(containers, without("securityContext", "allowPrivilegeEscalation")),
    ),
    Operator(
        "keep-capabilities",
        "Leave out which capabilities are dropped.",
        ("workload.drop_all_capabilities",),
        at(containers, without("securityContext", "capabilities", "drop")),
    ),
    Operator(
        "drop-one-capability",
        "Drop NET_RAW in place of all capabilities.",
        ("workload.drop_all_capabilities",),
        at(containers, _dropped_capabilities),
    ),
    Operator(
        "add-capability",
        "Add the capability SYS_ADMIN, though all are dropped.",
        ("workload.drop_all_capabilities",),
        at(containers, setting(securityContext__capabilities__add=["SYS_ADMIN"])),
    ),
    Operator(
        "open-root-filesystem",
        "Make a root filesystem writable.",
        ("workload.read_only_root_filesystem",),
        at(containers, instead("securityContext.readOnlyRootFilesystem", False)),
    ),
    Operator(
        "forget-root-filesystem",
        "Leave readOnlyRootFilesystem out.",
        ("workload.read_only_root_filesystem",),
        at(containers, without("securityContext", "readOnlyRootFilesystem")),
    ),
    Operator(
        "run-as-root",
        "Let a container run as uid 0.",
        ("workload.no_root_user",),
        at(containers, setting(securityContext__runAsUser=0)),
    ),
    Operator(
        "run-pod-as-root",
        "Give a pod uid 0.",
        ("workload.no_root_user",),
        at(pods, _root_user),
    ),
    Operator(
        "allow-root",
        "Set runAsNonRoot of a container to false.",
        ("workload.run_as_non_root",),
        at(containers, setting(securityContext__runAsNonRoot=False)),
    ),
    Operator(
        "allow-root-in-pod",
        "Set runAsNonRoot of a pod to false, whatever its containers say.",
        ("workload.run_as_non_root",),
        at(pods, _pod_not_non_root),
    ),
    Operator(
        "forget-non-root",
        "Leave runAsNonRoot out of a pod and of its containers.",
        ("workload.run_as_non_root",),
        at(pods, _without_everywhere("runAsNonRoot")),
    ),
    Operator(
        "unfilter-system-calls",
        "Run a container without a seccomp profile.",
        ("workload.seccomp_profile", "workload.seccomp_not_unconfined"),
        at(containers, _unconfined),
    ),
    Operator(
        "forget-seccomp",
        "Leave the seccomp profile out of a pod and of its containers.",
        ("workload.seccomp_profile",),
        at(pods, _without_everywhere("seccompProfile")),
    ),
    Operator(
        "join-host-network",
        "Give a pod the node's network.",
        ("workload.no_host_namespaces",),
        at(pods, setting(hostNetwork=True)),
    ),
    Operator(
        "join-host-processes",
        "Give a pod the node's process namespace.",
        ("workload.no_host_namespaces",),
        at(pods, setting(hostPID=True)),
    ),
    Operator(
        "join-host-ipc",
        "Give a pod the node's IPC namespace.",
        ("workload.no_host_namespaces",),
        at(pods, setting(hostIPC=True)),
    ),
    Operator(
        "take-host-port",
        "Let a container take a port of the node.",
        ("workload.no_host_ports",),
        at(containers, _host_port),
    ),
    Operator(
        "mount-host-path",
        "Give a pod a directory of the node.",
        ("workload.restricted_volumes", "workload.no_host_path"),
        at(pods, _volume("node", {"hostPath": {"path": "/"}})),
    ),
    Operator(
        "mount-nfs",
        "Give a pod a volume of an NFS server.",
        ("workload.restricted_volumes",),
        at(pods, _volume("share", {"nfs": {"server": "nfs.example.com", "path": "/"}})),
    ),
    *(
        Operator(
            f"forget-{resource}-{kind.removesuffix('s')}",
            f"Leave the {kind.removesuffix('s')} for {resource} of a container out.",
            (f"workload.{kind}",),
            at(containers, without("resources", kind, resource)),
        )
        for kind in ("limits", "requests")
        for resource in ("cpu", "memory")
    ),
    Operator(
        "zero-limits",
        "Set the limits of a container to zero, which is none.",
        ("workload.limits",),
        at(
            containers,
            both(instead("resources.limits.cpu", "0"), instead("resources.limits.memory", "0")),
        ),
    ),
)
