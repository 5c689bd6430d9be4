"""Traces, logs and telemetry: settings that SpiceDB knows, and a way out for what leaves the pod."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import environment, production, refused, rendered, server

OUT = [{"to": [{"ipBlock": {"cidr": "10.30.0.5/32"}}], "ports": [{"protocol": "TCP", "port": 4317}]}]
TRACED = {
    "config": {"tracing": {"provider": "otlpgrpc", "endpoint": "collector:4317"}},
    "networkPolicy": {"extraEgress": OUT},
}


def _settings(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    found = environment(server(rendered(values)))
    return {name: value for name, value in found.items() if name.startswith(prefix)}


def test_traces_are_off_and_sent_when_asked_for() -> None:
    assert _settings({}, "SPICEDB_OTEL") == {}
    assert _settings(TRACED, "SPICEDB_OTEL") == {
        "SPICEDB_OTEL_PROVIDER": "otlpgrpc",
        "SPICEDB_OTEL_ENDPOINT": "collector:4317",
        "SPICEDB_OTEL_INSECURE": "false",
        "SPICEDB_OTEL_SAMPLE_RATIO": "0.01",
        "SPICEDB_OTEL_SERVICE_NAME": "spicedb",
    }
    assert (
        _settings(put(TRACED, "config.tracing.sampleRatio", 1), "SPICEDB_OTEL_SAMPLE")["SPICEDB_OTEL_SAMPLE_RATIO"]
        == "1"
    )


def test_rules_of_the_user_s_are_added_to_the_server_s_egress_alone() -> None:
    objects = rendered(production(networkPolicy__extraEgress=OUT))
    assert objects["NetworkPolicy/spicedb"]["spec"]["egress"][-1:] == OUT
    assert OUT[0] not in objects["NetworkPolicy/spicedb-migration"]["spec"]["egress"]


def test_a_rule_to_everywhere_is_refused() -> None:
    assert refused({"networkPolicy": {"extraEgress": [{"to": [], "ports": [{"port": 443}]}]}}) != []
    assert refused({"networkPolicy": {"extraEgress": [{"to": OUT[0]["to"], "ports": []}]}}) != []


def test_telemetry_is_off_by_an_empty_address_and_goes_to_one_that_is_written_out() -> None:
    name = "SPICEDB_TELEMETRY"
    on = {"config": {"telemetry": {"enabled": True}}, "networkPolicy": {"extraEgress": OUT}}
    assert _settings({}, name) == {"SPICEDB_TELEMETRY_ENDPOINT": ""}
    assert _settings(on, name) == {"SPICEDB_TELEMETRY_ENDPOINT": "https://telemetry.authzed.com"}
    assert _settings(put(on, "config.telemetry.endpoint", "https://t.example.com"), name) == {
        "SPICEDB_TELEMETRY_ENDPOINT": "https://t.example.com"
    }


def test_the_authority_of_telemetry_is_mounted_where_it_is_read() -> None:
    telemetry = {"enabled": True, "caSecretName": "ca"}
    objects = rendered({"config": {"telemetry": telemetry}, "networkPolicy": {"extraEgress": OUT}})
    path = environment(server(objects))["SPICEDB_TELEMETRY_CA_OVERRIDE_PATH"]
    (mount,) = (m for m in server(objects)["volumeMounts"] if m["name"] == "tls-telemetry")
    (volume,) = objects["Deployment/spicedb"]["spec"]["template"]["spec"]["volumes"]
    (item,) = volume["secret"]["items"]
    assert path == f"{mount['mountPath']}/{item['path']}"
    assert (volume["secret"]["secretName"], item["key"]) == ("ca", "ca.crt")


def test_server_and_migration_log_in_the_same_form() -> None:
    objects = rendered(production(config__logFormat="console"))
    (migration,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    forms = [environment(container)["SPICEDB_LOG_FORMAT"] for container in (server(objects), migration)]
    assert forms == ["console", "console"]


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        (put(TRACED, "config.tracing.endpoint", ""), ["tracing-needs-an-endpoint"]),
        (put(TRACED, "config.tracing.provider", "none"), ["tracing-settings-need-a-provider"]),
        (put(TRACED, "networkPolicy.extraEgress", []), ["network-policy-needs-egress-for-tracing"]),
        ({"config": {"telemetry": {"enabled": True}}}, ["network-policy-needs-egress-for-telemetry"]),
        (
            production(
                config__tracing={"provider": "otlphttp", "endpoint": "collector:4318", "insecure": True},
                networkPolicy__extraEgress=OUT,
            ),
            ["production-tracing-tls"],
        ),
    ],
)
def test_what_would_be_lost_or_read_on_the_way_is_refused(values: dict[str, Any], reasons: list[str]) -> None:
    assert refused(values) == reasons
