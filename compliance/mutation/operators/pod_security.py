"""Mistakes that Kubernetes' Pod Security knows and that nobody makes by accident."""

from __future__ import annotations

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Mutate,
    Mutation,
    at,
    containers,
    found,
    pods,
    setting,
    templates,
    with_,
)
from compliance.mutation.operators import Operator

_APPARMOR = "container.apparmor.security.beta.kubernetes.io"


def _unconfined_by_annotation(template: Json) -> Json:
    name = template["spec"]["containers"][0]["name"]
    return with_(template, ["metadata", "annotations", f"{_APPARMOR}/{name}"], "unconfined")


def _handler(handler: str, action: str, spec: Json) -> Change:
    """A probe or hook that asks a host of its own."""

    def change(container: Json) -> Json | None:
        path = handler.split(".")
        kept = found(container, path)
        if kept is None:
            return None
        rest = {k: v for k, v in kept.items() if k not in ("exec", "httpGet", "tcpSocket", "grpc", "sleep")}
        return with_(container, path, {**rest, action: spec})

    return change


def _sysctl(name: str) -> Change:
    return lambda pod: with_(pod, ["securityContext", "sysctls"], [{"name": name, "value": "1"}])


def _in_both(name: str, fields: Json) -> Mutate:
    """The same field of the securityContext of a pod and of each container."""
    in_pods = at(pods, lambda pod: with_(pod, ["securityContext", name], fields))
    in_containers = at(containers, lambda container: with_(container, ["securityContext", name], fields))

    def mutate(objects: Manifests) -> list[Mutation]:
        return [*in_pods(objects), *in_containers(objects)]

    return mutate


def _unmasked_first(pod: Json) -> Json:
    unmasked = with_(pod, ["containers", 0, "securityContext", "procMount"], "Unmasked")
    return {**unmasked, "hostUsers": False}


OPERATORS = (
    Operator(
        "unconfine-by-apparmor",
        "Set the AppArmor profile of a pod or container to Unconfined.",
        ("workload.apparmor_profile",),
        _in_both("appArmorProfile", {"type": "Unconfined"}),
    ),
    Operator(
        "unconfine-by-annotation",
        "Set a container's AppArmor profile to unconfined by the old annotation.",
        ("workload.apparmor_profile",),
        at(templates, _unconfined_by_annotation),
    ),
    Operator(
        "add-capability-beyond-default",
        "Add the capability NET_RAW to a container.",
        ("workload.default_capabilities", "workload.drop_all_capabilities"),
        at(containers, setting(securityContext__capabilities__add=["NET_RAW"])),
    ),
    Operator(
        "unmask-proc",
        "Show a container all of /proc.",
        ("workload.masked_proc", "workload.proc_mount"),
        at(containers, setting(securityContext__procMount="Unmasked")),
    ),
    Operator(
        "unmask-proc-with-own-users",
        "Show a container all of /proc, in a pod with a user namespace of its own.",
        ("workload.masked_proc",),
        at(pods, _unmasked_first),
    ),
    Operator(
        "probe-other-host",
        "Let a liveness probe ask another host.",
        ("workload.no_handler_host",),
        at(containers, _handler("livenessProbe", "tcpSocket", {"host": "169.254.169.254", "port": 80})),
    ),
    Operator(
        "call-other-host-before-stopping",
        "Let a preStop hook ask another host.",
        ("workload.no_handler_host",),
        at(containers, _handler("lifecycle.preStop", "httpGet", {"host": "169.254.169.254", "port": 80, "path": "/"})),
    ),
    Operator(
        "run-on-windows-node",
        "Run a pod or container as a process of a Windows node.",
        ("workload.no_host_process",),
        _in_both("windowsOptions", {"hostProcess": True}),
    ),
    Operator(
        "choose-selinux-type",
        "Choose an SELinux type that does not confine.",
        ("workload.selinux_options",),
        _in_both("seLinuxOptions", {"type": "spc_t"}),
    ),
    Operator(
        "choose-selinux-user",
        "Choose an SELinux user.",
        ("workload.selinux_options",),
        _in_both("seLinuxOptions", {"user": "system_u"}),
    ),
    Operator(
        "change-kernel",
        "Set a sysctl that acts on the node.",
        ("workload.safe_sysctls",),
        at(pods, _sysctl("kernel.msgmax")),
    ),
)
