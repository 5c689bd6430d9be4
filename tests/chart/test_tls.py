"""Requested TLS is effective TLS: certificate, key, CA, mount and probe agree, listener by listener."""

from __future__ import annotations

from typing import Any

import pytest

from tests.project import environment, production, refused, rendered, server

ALL_ON = production(config__http__enabled=True)
SETTINGS = {"grpc": "GRPC", "http": "HTTP", "metrics": "METRICS", "dispatch": "DISPATCH_CLUSTER"}


@pytest.mark.parametrize("listener", SETTINGS)
def test_certificate_and_key_lie_where_the_secret_is_mounted(listener: str) -> None:
    objects = rendered(ALL_ON)
    container, settings = server(objects), environment(server(objects))
    (mount,) = (m for m in container["volumeMounts"] if m["name"] == f"tls-{listener}")
    pod = objects["Deployment/spicedb"]["spec"]["template"]["spec"]
    (volume,) = (v for v in pod["volumes"] if v["name"] == f"tls-{listener}")
    keys = {item["key"] for item in volume["secret"]["items"]}
    for part, file in (("CERT", "tls.crt"), ("KEY", "tls.key")):
        assert settings[f"SPICEDB_{SETTINGS[listener]}_TLS_{part}_PATH"] == f"{mount['mountPath']}/{file}"
        assert file in keys
    assert "subPath" not in mount


def test_a_listener_can_have_its_own_secret() -> None:
    pod = rendered(ALL_ON)["Deployment/spicedb"]["spec"]["template"]["spec"]
    secrets = {v["name"]: v["secret"]["secretName"] for v in pod["volumes"] if v["name"].startswith("tls-")}
    assert secrets == {
        "tls-grpc": "spicedb-tls",
        "tls-http": "spicedb-tls",
        "tls-metrics": "spicedb-tls",
        "tls-dispatch": "spicedb-dispatch-tls",
        "tls-dispatch-ca": "spicedb-dispatch-tls",
        "tls-datastore": "spicedb-datastore-ca",
    }


def test_dispatch_verifies_the_name_that_it_connects_to() -> None:
    settings = environment(server(rendered(ALL_ON)))
    assert settings["SPICEDB_DISPATCH_UPSTREAM_ADDR"] == "kubernetes:///spicedb-headless.authorization:dispatch"
    assert settings["SPICEDB_DISPATCH_UPSTREAM_CA_PATH"] == "/etc/spicedb/tls/dispatch-ca/ca.crt"


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_probes_speak_tls_exactly_when_grpc_does(probe: str) -> None:
    secure = server(rendered(ALL_ON))[probe]["exec"]["command"]
    plain = server(rendered({}))[probe]["exec"]["command"]
    assert [argument for argument in secure if argument not in plain] == ["-tls", "-tls-no-verify"]


def test_without_the_switch_nothing_is_set_up_for_tls() -> None:
    objects = rendered({})
    assert not any("TLS" in name for name in environment(server(objects)))
    assert "volumes" not in objects["Deployment/spicedb"]["spec"]["template"]["spec"]


@pytest.mark.parametrize(
    ("tls", "reasons"),
    [
        ({"enabled": True}, ["tls-grpc-needs-a-secret", "tls-metrics-needs-a-secret"]),
        ({"secretName": "s"}, ["tls-secret-needs-tls"]),
        ({"grpc": {"secretName": "s"}}, ["tls-grpc-secret-needs-tls"]),
        ({"datastore": {"secretName": "s"}}, ["datastore-tls-secret-needs-tls"]),
    ],
)
def test_half_configured_tls_is_refused_never_plaintext(tls: dict[str, Any], reasons: list[str]) -> None:
    assert refused({"config": {"tls": tls}}) == reasons


def test_server_and_migration_verify_the_datastore_alike() -> None:
    objects = rendered(production(config__tls__datastore__clientCertificate=True))
    expected = {
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/spicedb/tls/datastore/ca.crt",
        "PGSSLCERT": "/etc/spicedb/tls/datastore/tls.crt",
        "PGSSLKEY": "/etc/spicedb/tls/datastore/tls.key",
    }
    (migration,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    for container in (server(objects), migration):
        assert {k: v for k, v in environment(container).items() if k.startswith("PGSSL")} == expected
