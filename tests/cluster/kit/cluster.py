"""The cluster that scenarios run on: ours, brought up for them or kept up, or one that the user gives."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.cluster import images
from tests.cluster.images import Image
from tests.cluster.kit import api, waits
from tests.cluster.kit.api import Api
from tests.cluster.node import configs, keeper, layout, up
from tests.cluster.services.postgres import Server
from tests.judges.build import build

# What a user sets: a cluster of her own, where its images come from, and a PostgreSQL that its pods reach.
KUBECONFIG = "KUBECONFIG"
IMAGES = "CLUSTER_IMAGES"
POSTGRES = "CLUSTER_POSTGRES"

NAMED_WITHIN = 5.0


@dataclass(frozen=True)
class Cluster:
    """A cluster. `differences` is how it differs from one as it comes, in sentences; `ours` is one made by `node`."""

    kubeconfig: str
    kubectl: tuple[str, ...]
    api: Api
    version: str
    images: Mapping[str, Image]
    ours: bool
    differences: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """For programs that talk to the cluster."""
        cache = {"KUBECACHEDIR": str(layout.KUBECACHEDIR)} if self.ours else {}
        return {**os.environ, KUBECONFIG: self.kubeconfig, **cache}

    def host(self) -> str:
        """The machine's end of the cluster's link, where services that are not part of the cluster are."""
        if not self.ours:
            raise AssertionError("this needs services beside the cluster, which a cluster of your own does not have")
        return layout.HOST

    def name_host(self, name: str) -> str:
        """Have the cluster's DNS answer a name with the machine's end, some seconds from now; that address."""
        address = self.host()
        path = "api/v1/namespaces/kube-system/configmaps/coredns"

        def added() -> bool:
            # The version makes a change fail that would undo another scenario's.
            now = self.api.get(path)
            version = {"resourceVersion": now["metadata"]["resourceVersion"]}
            hosts = f"{now['data']['hosts']}{address} {name}\n"
            self.api.merge(path, {"metadata": version, "data": {"hosts": hosts}})
            return True

        waits.until(f"DNS knows {name}", added, NAMED_WITHIN)
        return address

    def postgres(self) -> Server:
        """The PostgreSQL that pods can reach."""
        if given := os.environ.get(POSTGRES):
            return Server.at(given)
        if self.ours:
            return up.databases()
        raise AssertionError(
            f"pods of a cluster of your own need a PostgreSQL: {POSTGRES}=postgresql://USER:PASSWORD@HOST"
        )


@contextmanager
def connected(owner: int) -> Iterator[Cluster]:
    """The cluster that KUBECONFIG names, or else one that is brought up for a process and ends with it."""
    given = os.environ.get(KUBECONFIG)
    ours = given in (None, "", str(layout.KUBECONFIG))
    made = images.make(registry=os.environ.get(IMAGES, images.REGISTRY))
    if not given:
        keeper.start(owner)
    elif ours:
        up.load_images(list(made.values()))
    kubeconfig = given or str(layout.KUBECONFIG)
    kubectl = _kubectl(ours)
    with api.served(kubectl, {KUBECONFIG: kubeconfig}) as server:
        version = str(server.get("version")["gitVersion"])
        yield Cluster(kubeconfig, kubectl, server, version, made, ours, configs.DIFFERENCES if ours else ())


def _kubectl(ours: bool) -> tuple[str, ...]:
    """The cluster's own version; elsewhere the user's, which may be the one that her cluster's sign-in works with."""
    if not ours and (installed := shutil.which("kubectl")):
        return (installed,)
    return (str(build(["kube"])["kube"]), "kubectl")
