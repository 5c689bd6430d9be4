"""How each program of the cluster is configured: files by name, and command lines. Pure functions of the layout."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cluster.node.layout import (
    API,
    API_SERVICE,
    BIN,
    CGROUP,
    CONFIG,
    DNS_SERVICE,
    KUBECONFIG,
    NODE,
    NODE_NAME,
    PKI,
    PODS,
    SERVICES,
    SERVICES_V6,
    STATE,
)
from tests.cluster.pki import Pair, authority, signing_pair

SOCKET = "/run/containerd/containerd.sock"
AUTHORITY = str(PKI / "ca.crt")

# Who talks to the API server, as what.
CLIENTS: Mapping[str, tuple[str, str]] = {
    "admin": ("admin", "system:masters"),
    "controller-manager": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "proxy": ("system:kube-proxy", ""),
    "kubelet": (f"system:node:{NODE_NAME}", "system:nodes"),
}

# How often the kubelet looks whether a pod's volumes are up to date. Its default is a minute, and a changed Secret
# would take so long to reach a pod; scenarios that time this must say so.
KUBELET_SYNC_SECONDS = 5

# What differs from a cluster as it comes, where a scenario's outcome could depend on it. It stands in each outcome.
DIFFERENCES = (
    f"the kubelet syncs pods every {KUBELET_SYNC_SECONDS} s instead of 60 s, so changed Secrets reach pods sooner",
    "the controller manager asks the API up to 200 times a second instead of 20",
    "one node; etcd in memory; NetworkPolicy enforced by Calico's Felix",
)


def files(pause_image: str) -> Iterator[tuple[Path, str]]:
    """Every file that a program of the cluster reads, keys and certificates included."""
    yield from _pki()
    yield CONFIG / "containerd.toml", _containerd(pause_image)
    yield CONFIG / "cni" / "10-pods.conflist", json.dumps(_cni())
    yield CONFIG / "kubelet.json", json.dumps(_kubelet())
    yield CONFIG / "proxy.json", json.dumps(_proxy())
    yield CONFIG / "resolv.conf", "# The node has no DNS of its own, and the cluster's none behind it.\n"


def _pki() -> Iterator[tuple[Path, str]]:
    root = authority("spicedb-test-cluster")
    yield PKI / "ca.crt", root.certificate
    services = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
    yield from _pair("apiserver", root.issue("kube-apiserver", [*services, NODE, API_SERVICE, "127.0.0.1"]))
    yield from _pair("kubelet-server", root.issue(f"system:node:{NODE_NAME}", [NODE_NAME, NODE]))
    yield from _pair("apiserver-kubelet", root.issue("kubelet-client", organization="system:masters", client=True))
    yield from _pair("service-accounts", signing_pair())
    for client, (name, group) in CLIENTS.items():
        pair = root.issue(name, organization=group, client=True)
        yield from _pair(client, pair)
        yield PKI / f"{client}.kubeconfig", json.dumps(_kubeconfig(client))


def _pair(name: str, pair: Pair) -> Iterator[tuple[Path, str]]:
    yield PKI / f"{name}.crt", pair.certificate
    yield PKI / f"{name}.key", pair.key


def _kubeconfig(client: str) -> dict[str, Any]:
    user = {"client-certificate": str(PKI / f"{client}.crt"), "client-key": str(PKI / f"{client}.key")}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": API, "certificate-authority": AUTHORITY}}],
        "users": [{"name": client, "user": user}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": client}}],
    }


def _containerd(pause_image: str) -> str:
    # restrict_oom_score_adj: containers may lack the capability to lower it.
    return f"""version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "{SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause_image}"
  restrict_oom_score_adj = true
  disable_hugetlb_controller = true
  enable_unprivileged_ports = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{BIN}/cni"
    conf_dir = "{CONFIG}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
"""


def _cni() -> dict[str, Any]:
    server = {"url": API, "authority": AUTHORITY, "certificate": str(PKI / "admin.crt"), "key": str(PKI / "admin.key")}
    addresses = {
        "type": "host-local",
        "dataDir": "/run/cni",
        "ranges": [[{"subnet": PODS}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    return {
        "cniVersion": "1.0.0",
        "name": "pods",
        "plugins": [
            {"type": "ptp", "ipMasq": False, "ipam": addresses},
            {"type": "cluster-cni", "apiServer": server},
            {"type": "portmap", "capabilities": {"portMappings": True}, "snat": True},
        ],
    }


def _kubelet() -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": NODE,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": AUTHORITY},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(PKI / "kubelet-server.crt"),
        "tlsPrivateKeyFile": str(PKI / "kubelet-server.key"),
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "clusterDNS": [DNS_SERVICE],
        "clusterDomain": "cluster.local",
        "resolvConf": str(CONFIG / "resolv.conf"),
        "syncFrequency": f"{KUBELET_SYNC_SECONDS}s",
        "configMapAndSecretChangeDetectionStrategy": "Watch",
        # What the machine is: cgroups of either version without systemd, perhaps swap, no capability to raise limits.
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{CGROUP}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "maxOpenFiles": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        "oomScoreAdj": 0,
        # Images are there from the start and must stay, however full the disk is.
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "volumePluginDir": str(STATE / "volume-plugins"),
        "eventRecordQPS": 0,
    }


def _proxy() -> dict[str, Any]:
    unlimited = {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(PKI / "proxy.kubeconfig")},
        "clusterCIDR": PODS,
        "hostnameOverride": NODE_NAME,
        "oomScoreAdj": 0,
        # The machine's own limits stay as they are.
        "conntrack": unlimited,
    }


FELIX = {
    "DATASTORETYPE": "kubernetes",
    "FELIXHOSTNAME": NODE_NAME,
    "INTERFACEPREFIX": "cali",
    "IPTABLESBACKEND": "nft",
    "DEFAULTENDPOINTTOHOSTACTION": "ACCEPT",
    "LOGSEVERITYSCREEN": "Warning",
    "LOGSEVERITYFILE": "none",
    "LOGSEVERITYSYS": "none",
    "USAGEREPORTINGENABLED": "false",
    "IPV6SUPPORT": "false",
    "XDPENABLED": "false",
    "BPFENABLED": "false",
    "ROUTESYNCDISABLED": "true",
    "VXLANENABLED": "false",
    "IPINIPENABLED": "false",
    "WIREGUARDENABLED": "false",
}


def etcd() -> list[str]:
    # In memory, and so without waiting for disks.
    return [
        "etcd",
        "--data-dir=/run/etcd",
        "--listen-client-urls=http://127.0.0.1:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--logger=zap",
        "--log-level=warn",
    ]


def containerd() -> list[str]:
    return ["containerd", "--config", str(CONFIG / "containerd.toml")]


def api_server() -> list[str]:
    return [
        *_kube("kube-apiserver"),
        "--etcd-servers=http://127.0.0.1:2379",
        f"--advertise-address={NODE}",
        "--secure-port=6443",
        f"--service-cluster-ip-range={SERVICES},{SERVICES_V6}",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-signing-key-file={PKI}/service-accounts.key",
        f"--service-account-key-file={PKI}/service-accounts.crt",
        f"--client-ca-file={AUTHORITY}",
        f"--tls-cert-file={PKI}/apiserver.crt",
        f"--tls-private-key-file={PKI}/apiserver.key",
        f"--kubelet-client-certificate={PKI}/apiserver-kubelet.crt",
        f"--kubelet-client-key={PKI}/apiserver-kubelet.key",
        f"--kubelet-certificate-authority={AUTHORITY}",
        "--kubelet-preferred-address-types=InternalIP",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true",
        "--profiling=false",
    ]


def controller_manager() -> list[str]:
    return [
        *_kube("kube-controller-manager"),
        f"--kubeconfig={PKI}/controller-manager.kubeconfig",
        f"--service-account-private-key-file={PKI}/service-accounts.key",
        f"--root-ca-file={AUTHORITY}",
        f"--cluster-cidr={PODS}",
        "--use-service-account-credentials",
        # By default it holds itself back, which takes seconds when it starts and does so for each controller.
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
    ]


def scheduler() -> list[str]:
    kubeconfig = f"--kubeconfig={PKI}/scheduler.kubeconfig"
    return [*_kube("kube-scheduler"), kubeconfig, "--leader-elect=false", "--bind-address=127.0.0.1"]


def kubelet() -> list[str]:
    return [
        *_kube("kubelet"),
        f"--config={CONFIG}/kubelet.json",
        f"--kubeconfig={PKI}/kubelet.kubeconfig",
        f"--node-ip={NODE}",
        f"--hostname-override={NODE_NAME}",
        # As a cloud's node has one, which spreading pods over zones needs.
        "--node-labels=topology.kubernetes.io/zone=zone-1",
    ]


def proxy() -> list[str]:
    return [*_kube("kube-proxy"), f"--config={CONFIG}/proxy.json"]


def felix() -> list[str]:
    settings = [f"FELIX_{name}={value}" for name, value in FELIX.items()]
    return ["env", f"KUBECONFIG={KUBECONFIG}", *settings, str(BIN / "felix")]


def _kube(name: str) -> list[str]:
    return [str(BIN / "kube"), name]
