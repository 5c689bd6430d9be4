"""Certificates of cert-manager: made for what has TLS, with the names that are verified, mounted where used."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import production, refused, rendered

ISSUED: dict[str, Any] = production(
    certManager={"enabled": True, "issuerRef": {"name": "ca"}},
    config__http__enabled=True,
    config__tls__secretName="",
    config__tls__dispatch__secretName="",
    config__dispatch__upstreamCASecretName="",
)


def _secrets(objects: dict[str, Any]) -> dict[str, str]:
    pod = objects["Deployment/spicedb"]["spec"]["template"]["spec"]
    return {v["name"]: v["secret"]["secretName"] for v in pod["volumes"] if v["name"].startswith("tls-")}


def test_every_listener_and_the_authority_of_dispatch_come_from_two_certificates() -> None:
    objects = rendered(ISSUED)
    assert _secrets(objects) == {
        "tls-grpc": "spicedb-tls",
        "tls-http": "spicedb-tls",
        "tls-metrics": "spicedb-tls",
        "tls-dispatch": "spicedb-dispatch-tls",
        "tls-dispatch-ca": "spicedb-dispatch-tls",
        "tls-datastore": "spicedb-datastore-ca",
    }
    secrets = {key: o["spec"]["secretName"] for key, o in objects.items() if key.startswith("Certificate/")}
    assert secrets == {
        "Certificate/spicedb-tls": "spicedb-tls",
        "Certificate/spicedb-dispatch-tls": "spicedb-dispatch-tls",
    }


def test_the_dispatch_certificate_is_valid_for_the_verified_name_alone() -> None:
    spec = rendered(ISSUED)["Certificate/spicedb-dispatch-tls"]["spec"]
    assert spec == {
        "secretName": "spicedb-dispatch-tls",
        "dnsNames": ["spicedb-headless.authorization"],
        "issuerRef": {"name": "ca", "kind": "Issuer", "group": "cert-manager.io"},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["digital signature", "server auth"],
    }


def test_the_certificate_for_clients_has_the_names_of_the_services_and_the_user_s() -> None:
    values = put(ISSUED, "certManager.dnsNames", ["spicedb.example.com"])
    spec = rendered(put(values, "certManager.renewBefore", "240h"))["Certificate/spicedb-tls"]["spec"]
    assert spec["dnsNames"] == [
        "spicedb.authorization.svc",
        "spicedb",
        "spicedb.authorization",
        "spicedb.authorization.svc.cluster.local",
        "spicedb-headless.authorization.svc",
        "spicedb.example.com",
    ]
    assert spec["renewBefore"] == "240h"


def test_prometheus_verifies_a_name_of_the_certificate_with_its_authority() -> None:
    objects = rendered(put(ISSUED, "monitoring", {"enabled": True}))
    (endpoint,) = objects["ServiceMonitor/spicedb"]["spec"]["endpoints"]
    assert endpoint["tlsConfig"]["ca"] == {"secret": {"name": "spicedb-tls", "key": "ca.crt"}}
    assert endpoint["tlsConfig"]["serverName"] in objects["Certificate/spicedb-tls"]["spec"]["dnsNames"]


def test_grpc_may_keep_a_certificate_of_another_authority() -> None:
    secrets = _secrets(rendered(put(ISSUED, "config.tls.grpc.secretName", "public")))
    assert (secrets["tls-grpc"], secrets["tls-http"]) == ("public", "spicedb-tls")


def test_without_dispatch_there_is_no_certificate_for_it() -> None:
    objects = rendered(put(ISSUED, "config.dispatch.enabled", False))
    assert [key for key in objects if key.startswith("Certificate/")] == ["Certificate/spicedb-tls"]


@pytest.mark.parametrize(
    ("path", "value", "reasons"),
    [
        ("certManager.issuerRef.name", "", ["cert-manager-needs-an-issuer"]),
        ("certManager.enabled", False, ["cert-manager-settings-need-it"]),
        ("config.tls.secretName", "mine", ["cert-manager-excludes-named-secrets"]),
        ("config.tls.dispatch.secretName", "mine", ["cert-manager-excludes-named-secrets"]),
        ("certManager.renewBefore", "2160h", ["renewal-comes-before-the-end"]),
    ],
)
def test_what_is_half_configured_is_refused(path: str, value: Any, reasons: list[str]) -> None:
    assert set(reasons) <= set(refused(put(ISSUED, path, value)))


def test_a_certificate_without_tls_is_refused() -> None:
    values = {"certManager": {"enabled": True, "issuerRef": {"name": "ca"}}}
    assert refused(values) == ["cert-manager-needs-tls"]
