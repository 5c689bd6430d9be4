"""Ways in from outside: the right port, the right protocol, TLS, and let in by the NetworkPolicy."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, production, refused, rendered

CONTROLLER = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]
GRPC = {"enabled": True, "hosts": ["a.example.com", "b.example.com"], "tlsSecretName": "edge-tls"}
HTTP = {"enabled": True, "hosts": ["api.example.com"], "tlsSecretName": "api-tls"}


def _secure(**ingress: Any) -> dict[str, Any]:
    return production(
        config__http__enabled=True, networkPolicy__ingressControllers=CONTROLLER, ingress={"grpc": GRPC, **ingress}
    )


def _plain(**ingress: Any) -> dict[str, Any]:
    side = {"enabled": True, "hosts": ["a.example.com"]}
    return {
        "secretData": {"presharedKey": "k" * 16},
        "config": {"http": {"enabled": True}},
        "networkPolicy": {"enabled": False},
        "ingress": {"grpc": side, **ingress},
    }


def _annotations(values: dict[str, Any], *keys: str) -> list[Any]:
    objects = rendered(values)
    return [objects[key]["metadata"].get("annotations") for key in keys]


def test_one_certificate_covers_every_host_of_an_ingress() -> None:
    spec = rendered(_secure(className="nginx"))["Ingress/spicedb-grpc"]["spec"]
    backend = {"service": {"name": "spicedb", "port": {"name": "grpc"}}}
    assert spec == {
        "ingressClassName": "nginx",
        "tls": [{"secretName": "edge-tls", "hosts": ["a.example.com", "b.example.com"]}],
        "rules": [
            {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
            for host in ("a.example.com", "b.example.com")
        ],
    }


def test_the_rest_gateway_has_an_ingress_of_its_own() -> None:
    objects = rendered(_secure(http=HTTP))
    (rule,) = objects["Ingress/spicedb-http"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (rule["host"], path["backend"]["service"]["port"]) == ("api.example.com", {"name": "http"})
    assert objects["Ingress/spicedb-http"]["spec"]["tls"] == [{"secretName": "api-tls", "hosts": ["api.example.com"]}]


NGINX = "nginx.ingress.kubernetes.io/backend-protocol"
CONTOUR = "projectcontour.io/upstream-protocol"
TRAEFIK = "traefik.ingress.kubernetes.io/service.serversscheme"


@pytest.mark.parametrize(
    ("controller", "secure", "plain"),
    [
        ("none", [None, None, None], [None, None]),
        ("nginx", [{NGINX: "GRPCS"}, {NGINX: "HTTPS"}, None], [{NGINX: "GRPC"}, None]),
        (
            "contour",
            [None, None, {f"{CONTOUR}.h2": "grpc", f"{CONTOUR}.tls": "http"}],
            [None, {f"{CONTOUR}.h2c": "grpc"}],
        ),
        ("traefik", [None, None, {TRAEFIK: "https"}], [None, {TRAEFIK: "h2c"}]),
    ],
)
def test_a_controller_is_told_the_protocol_of_the_listener(controller: str, secure: Any, plain: Any) -> None:
    both = _secure(controller=controller, http=HTTP)
    assert _annotations(both, "Ingress/spicedb-grpc", "Ingress/spicedb-http", "Service/spicedb") == secure
    assert _annotations(_plain(controller=controller), "Ingress/spicedb-grpc", "Service/spicedb") == plain


def test_annotations_of_the_user_win() -> None:
    values = put(_secure(controller="nginx"), "ingress.grpc.annotations", {NGINX: "AUTO_HTTP", "a": "b"})
    assert _annotations(values, "Ingress/spicedb-grpc") == [{NGINX: "AUTO_HTTP", "a": "b"}]


def test_the_network_policy_lets_controllers_in_as_clients() -> None:
    (clients, *_) = rendered(_secure())["NetworkPolicy/spicedb"]["spec"]["ingress"]
    assert clients["from"][-1:] == CONTROLLER
    assert [port["port"] for port in clients["ports"]] == [50051, 8443]


def test_the_gateway_example_verifies_what_its_routes_lead_to() -> None:
    objects = rendered(chart().examples["gateway-api.yaml"])
    parents = [{"name": "public", "namespace": "gateways", "sectionName": "https"}]
    routes = {key: objects[key]["spec"] for key in ("GRPCRoute/spicedb", "HTTPRoute/spicedb")}
    assert [spec["parentRefs"] for spec in routes.values()] == [parents, parents]
    ports = {p["port"]: p["name"] for p in objects["Service/spicedb"]["spec"]["ports"]}
    led_to = [ports[ref["port"]] for spec in routes.values() for rule in spec["rules"] for ref in rule["backendRefs"]]
    policy = objects["BackendTLSPolicy/spicedb"]["spec"]
    assert led_to == [ref["sectionName"] for ref in policy["targetRefs"]] == ["grpc", "http"]
    assert policy["validation"] == {
        "caCertificateRefs": [{"group": "", "kind": "ConfigMap", "name": "internal-ca"}],
        "hostname": "spicedb.authorization.svc",
    }
    assert policy["validation"]["hostname"] in objects["Certificate/spicedb-tls"]["spec"]["dnsNames"]


def test_without_tls_there_is_nothing_for_a_gateway_to_verify() -> None:
    values = put(_plain(), "ingress.grpc", {})
    objects = rendered(put(values, "gateway.grpcRoute", {"enabled": True, "parentRefs": [{"name": "public"}]}))
    assert "GRPCRoute/spicedb" in objects
    assert "BackendTLSPolicy/spicedb" not in objects


def test_both_services_have_the_ip_families() -> None:
    dual = {"ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv6", "IPv4"]}
    objects = rendered({"service": dual})
    for key in ("Service/spicedb", "Service/spicedb-headless"):
        assert dual.items() <= objects[key]["spec"].items()


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        (put(_secure(), "ingress.grpc.tlsSecretName", ""), ["production-ingress-grpc-tls"]),
        (put(_secure(), "ingress.grpc.hosts", []), ["ingress-grpc-needs-hosts"]),
        (put(_secure(), "ingress.grpc.enabled", False), ["ingress-grpc-settings-need-it"]),
        (
            put(_secure(), "networkPolicy.ingressControllers", []),
            ["network-policy-needs-peers-of-ingress-grpc"],
        ),
        (put(_secure(http=HTTP), "config.http.enabled", False), ["ingress-http-needs-the-gateway"]),
        (_plain(controller="traefik", http={"enabled": True, "hosts": ["c"]}), ["traefik-speaks-one-protocol"]),
        (put(_plain(), "secretData", {}), ["derived-key-stays-in-the-cluster"]),
        (
            put(chart().examples["gateway-api.yaml"], "gateway.backendTLS.caConfigMapName", ""),
            ["grpc-route-needs-backend-tls", "http-route-needs-backend-tls"],
        ),
        ({"service": {"externalTrafficPolicy": "Local"}}, ["external-traffic-policy-needs-an-external-service"]),
        (
            {"service": {"ipFamilyPolicy": "SingleStack", "ipFamilies": ["IPv4", "IPv6"]}},
            ["two-ip-families-are-dual-stack"],
        ),
    ],
)
def test_what_would_not_let_callers_in_safely_is_refused(values: dict[str, Any], reasons: list[str]) -> None:
    assert refused(values) == reasons
