"""Names, addresses and places of the cluster. They are fixed, so there is one cluster at a time on a machine."""

from __future__ import annotations

import os
from pathlib import Path

from tests.cluster.services.processes import MARK

STATE = Path("/var/cache/spicedb-test-cluster")
BIN = STATE / "bin"
CONFIG = STATE / "config"
PKI = STATE / "pki"
LOGS = STATE / "log"
KUBECONFIG = PKI / "admin.kubeconfig"
# What kubectl and Helm remember of the API would otherwise stay in the user's home.
KUBECACHEDIR = STATE / "kube-cache"
RUN = STATE / "run.json"

# The node is a network namespace with a link to the machine; everything at the machine's end is outside the cluster.
NODE_NAME = "node-1"
HOST = "10.199.0.1"
NODE = "10.199.0.2"
# Where the agent of EKS Pod Identity answers pods: at the machine's end here, for a stand-in.
POD_IDENTITY_AGENT = "169.254.170.23"
LINK_NETWORK = "10.199.0.0/24"
PODS = "10.244.0.0/24"
SERVICES = "10.96.0.0/16"
# So that the API server takes Services with both families; nothing answers at these addresses.
SERVICES_V6 = "fd5d:b7e5:96::/112"
API_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
HOST_LINK = "sdbtest0"
NODE_LINK = "sdbtest1"
API = f"https://{NODE}:6443"

CGROUP = "spicedb-test"


def environment() -> dict[str, str]:
    """What the cluster's processes get: nothing of the user's shell but where programs are."""
    search = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
    return {
        "PATH": search,
        "HOME": "/root",
        "TMPDIR": str(STATE / "tmp"),
        "KUBECACHEDIR": str(KUBECACHEDIR),
        # Go programs all: collecting garbage less often leaves more of the processor to the tests.
        "GOGC": "200",
        MARK: "1",
    }
