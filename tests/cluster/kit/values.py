"""Values that scenarios start from. What they need in the namespace is made with them."""

from __future__ import annotations

import secrets
import socket
from typing import Any

from compliance.values import merge
from tests.cluster.kit.namespace import Namespace
from tests.cluster.pki import authority
from tests.cluster.services.postgres import Database

CREDENTIALS = "credentials"


def on_postgres(namespace: Namespace, database: Database, **parameters: str) -> dict[str, Any]:
    """PostgreSQL, with the credentials in a Secret of its own; parameters are added to the connection string."""
    keys = {
        "preshared_key": secrets.token_hex(16),
        "datastore_uri": database.uri(**{"sslmode": "disable", **parameters}),
    }
    namespace.secret(CREDENTIALS, keys)
    return {
        "config": {"datastoreEngine": "postgres"},
        "existingSecret": CREDENTIALS,
        "networkPolicy": {"datastore": {"to": [_block(socket.gethostbyname(database.host))], "port": database.port}},
    }


def with_dispatch(namespace: Namespace, values: dict[str, Any], replicas: int = 2) -> dict[str, Any]:
    """Several pods that share their work."""
    server = namespace.cluster.api.get("api/v1/namespaces/default/endpoints/kubernetes")["subsets"]
    addresses = [address["ip"] for subset in server for address in subset["addresses"]]
    ports = sorted({port["port"] for subset in server for port in subset["ports"]})
    added = {
        "config": {"replicas": replicas, "dispatch": {"enabled": True}},
        "networkPolicy": {"apiServer": {"to": [_block(address) for address in addresses], "ports": ports}},
    }
    return merge(values, added)


def with_tls(namespace: Namespace, values: dict[str, Any], fullname: str = "spicedb") -> tuple[dict[str, Any], str]:
    """TLS on every listener, from one authority; the values, and the authority's certificate."""
    root = authority("scenario")
    name = namespace.name
    clients = [fullname, f"{fullname}.{name}", f"{fullname}.{name}.svc"]
    namespace.tls_secret("server-tls", root.issue(fullname, clients), root)
    namespace.tls_secret("dispatch-tls", root.issue("dispatch", [f"{fullname}-headless.{name}"]), root)
    tls = {"enabled": True, "secretName": "server-tls", "dispatch": {"secretName": "dispatch-tls"}}
    config: dict[str, Any] = {"tls": tls}
    if values.get("config", {}).get("dispatch", {}).get("enabled"):
        config["dispatch"] = {"upstreamCASecretName": "dispatch-tls"}
    return merge(values, {"config": config, "tests": {"caSecretName": "server-tls"}}), root.certificate


def _block(address: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": f"{address}/32"}}
