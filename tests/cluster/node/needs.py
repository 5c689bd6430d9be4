"""What the cluster needs of a machine, and the sentence that says what is missing."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from tests.cluster.node.cgroups import hierarchies
from tests.cluster.node.layout import HOST_LINK, LINK_NETWORK, PODS, SERVICES, environment

CNI_PLUGINS = "/usr/lib/cni"
POSTGRES = "/usr/lib/postgresql/15/bin"

# Which Debian package each program comes from.
PACKAGES = {
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "etcd": "etcd-server",
    f"{CNI_PLUGINS}/ptp": "containernetworking-plugins",
    "iptables": "iptables",
    "ipset": "ipset",
    "conntrack": "conntrack",
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    f"{POSTGRES}/postgres": "postgresql-15",
    "psql": "postgresql-client-15",
    "prometheus": "prometheus",
}


class CannotRunError(Exception):
    """This machine cannot run the cluster, or not now; the message says why and what to do."""


def packages() -> list[str]:
    return sorted(set(PACKAGES.values()))


def require() -> None:
    """Refuse a machine that cannot run the cluster, with one sentence."""
    for sentence in _refusals():
        raise CannotRunError(sentence)


def _refusals() -> Iterator[str]:
    if not sys.platform.startswith("linux"):
        yield f"the cluster needs Linux, and this is {sys.platform}: set KUBECONFIG to use a cluster that you have"
    if os.geteuid() != 0:
        yield "the cluster needs root, for namespaces: become root, or set KUBECONFIG to use a cluster that you have"
    search = environment()["PATH"]
    missing = sorted({package for program, package in PACKAGES.items() if not shutil.which(program, path=search)})
    if missing:
        command = f"apt-get install --no-install-recommends {' '.join(missing)}"
        yield f"the cluster needs Debian's {', '.join(missing)}: {command}"
    if not hierarchies():
        yield "the cluster needs cgroups, and none are mounted: mount /sys/fs/cgroup"
    yield from _cannot_make_namespaces()
    yield from _taken_networks()


def _cannot_make_namespaces() -> Iterator[str]:
    command = ["unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--mount-proc", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        reason = tried.stderr.strip()
        yield f"the cluster needs namespaces, and the kernel refuses ({reason}): use a privileged container, or a VM"


def _taken_networks() -> Iterator[str]:
    wanted = [ipaddress.ip_network(network) for network in (LINK_NETWORK, PODS, SERVICES)]
    routes = subprocess.run(["ip", "-j", "-4", "route"], capture_output=True, text=True, check=True).stdout
    for route in json.loads(routes or "[]"):
        # Routes by our own link go away with what an earlier cluster left.
        if route["dst"] == "default" or route.get("dev") == HOST_LINK:
            continue
        taken = ipaddress.ip_network(route["dst"])
        for network in wanted:
            if taken.overlaps(network):
                way = f"a route to {taken} by {route.get('dev')}"
                yield f"the cluster needs the network {network}, and this machine has {way}: is another cluster here?"
