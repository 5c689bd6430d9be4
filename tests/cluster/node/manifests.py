"""What the cluster holds from the start: its DNS, and the kinds that Felix asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.cluster.node.layout import DNS_SERVICE

CALICO = "crd.projectcalico.org"

# Felix lists these and stops when one is unknown. Only ClusterInformation ever has an object, so none needs a schema.
CLUSTER_WIDE = (
    "BGPConfiguration",
    "BGPFilter",
    "BGPPeer",
    "BlockAffinity",
    "CalicoNodeStatus",
    "ClusterInformation",
    "FelixConfiguration",
    "GlobalNetworkPolicy",
    "GlobalNetworkSet",
    "HostEndpoint",
    "IPAMBlock",
    "IPAMConfig",
    "IPAMHandle",
    "IPPool",
    "IPReservation",
    "KubeControllersConfiguration",
)
NAMESPACED = ("NetworkPolicy", "NetworkSet")


def calico_kinds() -> list[dict[str, Any]]:
    scopes = {**dict.fromkeys(CLUSTER_WIDE, "Cluster"), **dict.fromkeys(NAMESPACED, "Namespaced")}
    return [_kind(kind, scope) for kind, scope in scopes.items()]


def calico_is_ready() -> dict[str, Any]:
    spec = {"datastoreReady": True, "clusterType": "k8s,kdd"}
    return {"apiVersion": f"{CALICO}/v1", "kind": "ClusterInformation", "metadata": {"name": "default"}, "spec": spec}


def dns(image: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name("dns.yaml").read_text()
    return list(yaml.safe_load_all(text.replace("${image}", image).replace("${address}", DNS_SERVICE)))


def _kind(kind: str, scope: str) -> dict[str, Any]:
    singular = kind.lower()
    plural = (
        f"{singular[:-1]}ies"
        if singular.endswith("y")
        else f"{singular}es"
        if singular.endswith("s")
        else f"{singular}s"
    )
    anything = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{CALICO}"},
        "spec": {
            "group": CALICO,
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": singular},
            "scope": scope,
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": anything}],
        },
    }
