"""Values that scenarios start from. What they need in the namespace is made with them."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from typing import Any

from compliance.values import get, merge, put
from tests.cluster.kit.namespace import Namespace
from tests.cluster.pki import Authority, authority
from tests.cluster.services.postgres import Database

CREDENTIALS = "credentials"
# Pools grow when they are needed. At the defaults a pod opens 30 connections at once, as many processes for PostgreSQL,
# which has two processors here and a dozen pods.
SMALL_POOLS: Mapping[str, Any] = {"read": {"minOpen": 4}, "write": {"minOpen": 2}}


def on_postgres(
    namespace: Namespace,
    database: Database,
    sslmode: str = "disable",
    pools: Mapping[str, Any] = SMALL_POOLS,
    **changes: Any,
) -> dict[str, Any]:
    """PostgreSQL, with the credentials in a Secret; a keyword such as config__replicas sets config.replicas."""
    keys = {"preshared_key": secrets.token_hex(16), "datastore_uri": database.uri(sslmode=sslmode)}
    namespace.secret(CREDENTIALS, keys)
    datastore = {"to": [block(socket.gethostbyname(database.host))], "port": database.port}
    values: dict[str, Any] = {
        "config": {"datastoreEngine": "postgres", "datastore": {"connectionPool": pools}},
        "existingSecret": CREDENTIALS,
        "networkPolicy": {"datastore": datastore},
    }
    for name, value in changes.items():
        values = put(values, name.replace("__", "."), value)
    return values


def with_dispatch(namespace: Namespace, values: dict[str, Any], replicas: int = 2) -> dict[str, Any]:
    """Several pods that share their work."""
    server = namespace.cluster.api.get("api/v1/namespaces/default/endpoints/kubernetes")["subsets"]
    addresses = [address["ip"] for subset in server for address in subset["addresses"]]
    ports = sorted({port["port"] for subset in server for port in subset["ports"]})
    added = {
        "config": {"replicas": replicas, "dispatch": {"enabled": True}},
        "networkPolicy": {"apiServer": {"to": [block(address) for address in addresses], "ports": ports}},
    }
    return merge(values, added)


def with_tls(
    namespace: Namespace, values: dict[str, Any], fullname: str = "spicedb", signer: Authority | None = None
) -> tuple[dict[str, Any], str]:
    """TLS on every listener, from one authority; the values, and the authority's certificate."""
    root = signer or authority("scenario")
    issue(namespace, root, fullname=fullname)
    added: dict[str, Any] = {"config": {"tls": {"enabled": True, "secretName": "server-tls"}}}
    if get(values, "config.dispatch.enabled"):
        added["config"]["tls"]["dispatch"] = {"secretName": "dispatch-tls"}
        added["config"]["dispatch"] = {"upstreamCASecretName": "dispatch-tls"}
    if get(values, "tests.enabled"):
        added["tests"] = {"caSecretName": "server-tls"}
    return merge(values, added), root.certificate


def issue(namespace: Namespace, signer: Authority, trusted: str = "", fullname: str = "spicedb") -> None:
    """New certificates for every listener, in the Secrets of `with_tls`, beside the authorities that are trusted."""
    name = namespace.name
    clients = [fullname, f"{fullname}.{name}", f"{fullname}.{name}.svc"]
    certificates = {
        "server-tls": signer.issue(fullname, clients),
        "dispatch-tls": signer.issue("dispatch", [f"{fullname}-headless.{name}"]),
    }
    for secret, pair in certificates.items():
        data = {"tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": trusted or signer.certificate}
        namespace.secret(secret, data, "kubernetes.io/tls")


def with_tests(values: dict[str, Any]) -> dict[str, Any]:
    """The pod for `helm test`, which asks about the schema of `SpiceDB.write_schema`, as soon as that is written."""
    # Otherwise a revision of before the schema may answer for some seconds.
    fresh = {"datastore": {"revisionQuantizationInterval": "0s"}}
    return merge(values, {"tests": {"enabled": True, "check": "document#view@user"}, "config": fresh})


def block(address: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": f"{address}/32"}}
