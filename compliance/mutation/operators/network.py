"""Mistakes in NetworkPolicies, Services and Ingresses."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Spot,
    appended,
    at,
    dropped,
    entries,
    found,
    instead,
    of_kind,
    setting,
    such,
    with_,
    without,
)
from compliance.mutation.operators import Operator

policies = of_kind("NetworkPolicy")
services = of_kind("Service")
ingresses = of_kind("Ingress")
inner = such(services, lambda s: found(s, ("spec", "clusterIP")) == "None")
outer = such(services, lambda s: found(s, ("spec", "clusterIP")) != "None")

for_both = such(policies, lambda p: len(found(p, ("spec", "policyTypes")) or ()) > 1)

EVERYWHERE = {"ipBlock": {"cidr": "0.0.0.0/0"}}
EVERYBODY: Json = {"namespaceSelector": {}}


def peer_lists(objects: Manifests) -> Iterator[Spot]:
    """The rules of each policy, with the name of the list of their peers."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in entries(policies, "spec", direction)(objects):
            if rule.at(peers).value:
                yield rule


def _peers(rule: Json) -> str:
    return "from" if "from" in rule else "to"


def _blocks(objects: Manifests) -> Iterator[Spot]:
    for rule in peer_lists(objects):
        for peer in rule.each(_peers(rule.value)):
            if peer.at("ipBlock", "cidr").value:
                yield peer.at("ipBlock", "cidr")


def _selects_nothing(policy: Json) -> Json:
    label = {"key": "app.kubernetes.io/name", "operator": "DoesNotExist"}
    selector = found(policy, ("spec", "podSelector")) or {}
    return with_(policy, ["spec", "podSelector"], appended(selector, "matchExpressions", label))


def _reachable(kind: str) -> Change:
    """A Service made to be reachable from outside; a headless one gets an address first."""

    def change(service: Json) -> Json:
        plain = without("spec", "clusterIP")(service) if found(service, ("spec", "clusterIP")) == "None" else service
        opened = with_(plain, ["spec", "type"], kind)
        return without("spec", "loadBalancerSourceRanges")(opened) or opened

    return change


def _internal(service: Json) -> bool:
    return any(port.get("name") in ("metrics", "dispatch") for port in found(service, ("spec", "ports")) or ())


def _other_host(rule: Json) -> Json | None:
    return {**rule, "host": "other.example.org"} if rule.get("host") else None


def _plain_backend(ingress: Json) -> Json:
    return with_(ingress, ["metadata", "annotations", _NGINX], "GRPC")


_NGINX = "nginx.ingress.kubernetes.io/backend-protocol"


OPERATORS = (
    Operator(
        "drop-network-policy",
        "Leave a NetworkPolicy out.",
        ("network.pods_selected",),
        dropped(policies),
    ),
    Operator(
        "select-no-pod",
        "Give a NetworkPolicy a matchExpressions that selects nothing.",
        ("network.pods_selected",),
        at(policies, _selects_nothing),
    ),
    Operator(
        "select-other-pods",
        "Let a NetworkPolicy select another label.",
        ("network.pods_selected",),
        at(policies, setting(spec__podSelector__matchLabels={"app.kubernetes.io/name": "other"})),
    ),
    Operator(
        "move-network-policy",
        "Put a NetworkPolicy into another namespace.",
        ("network.pods_selected",),
        at(policies, setting(metadata__namespace="elsewhere")),
    ),
    *(
        Operator(
            f"govern-only-{kept.lower()}",
            f"Let a NetworkPolicy govern {kept.lower()} only.",
            ("network.pods_selected",),
            at(
                such(policies, lambda p: len(found(p, ("spec", "policyTypes")) or ()) > 1),
                setting(spec__policyTypes=[kept]),
            ),
        )
        for kept in ("Ingress", "Egress")
    ),
    Operator(
        "allow-everybody",
        "Leave the peers of a rule out, which allows everybody.",
        ("network.deny_by_default",),
        at(peer_lists, lambda rule: without(_peers(rule))(rule)),
    ),
    Operator(
        "allow-an-empty-peer",
        "Add all pods of all namespaces to the peers of a rule.",
        ("network.deny_by_default",),
        at(peer_lists, lambda rule: appended(rule, _peers(rule), EVERYBODY)),
    ),
    Operator(
        "allow-every-address",
        "Add 0.0.0.0/0 to the peers of a rule.",
        ("network.deny_by_default",),
        at(peer_lists, lambda rule: appended(rule, _peers(rule), EVERYWHERE)),
    ),
    Operator(
        "widen-address-range",
        "Widen a range of addresses to all of them.",
        ("network.deny_by_default",),
        at(_blocks, lambda cidr: "::/0" if ":" in cidr else "0.0.0.0/0"),
    ),
    Operator(
        "allow-a-rule-for-everybody",
        "Add a rule without peers to a NetworkPolicy's ingress.",
        ("network.deny_by_default", "network.declared_ports"),
        at(policies, lambda policy: with_(policy, ["spec"], appended(policy["spec"], "ingress", {}))),
    ),
    Operator(
        "open-every-port",
        "Leave the ports of a rule out, which opens all.",
        ("network.declared_ports",),
        at(peer_lists, without("ports")),
    ),
    Operator(
        "open-undeclared-port",
        "Open a port that no selected pod declares.",
        ("network.declared_ports",),
        at(
            entries(policies, "spec", "ingress"),
            lambda rule: appended(rule, "ports", {"protocol": "TCP", "port": 22}) if rule.get("ports") else None,
        ),
    ),
    Operator(
        "open-port-range",
        "Open all ports from 1024 on.",
        ("network.declared_ports",),
        at(
            entries(policies, "spec", "ingress"),
            lambda rule: (
                appended(rule, "ports", {"protocol": "TCP", "port": 1024, "endPort": 65535})
                if rule.get("ports")
                else None
            ),
        ),
    ),
    Operator(
        "expose-by-node-port",
        "Make a Service a NodePort.",
        ("network.service_exposure",),
        at(services, _reachable("NodePort")),
    ),
    Operator(
        "expose-by-load-balancer",
        "Make a Service a LoadBalancer for everybody.",
        ("network.service_exposure",),
        at(services, _reachable("LoadBalancer")),
    ),
    Operator(
        "expose-by-address",
        "Give a Service an external address.",
        ("network.service_exposure",),
        at(outer, setting(spec__externalIPs=["203.0.113.7"])),
    ),
    Operator(
        "widen-source-ranges",
        "Let every address use a LoadBalancer.",
        ("network.service_exposure",),
        at(services, instead("spec.loadBalancerSourceRanges", ["0.0.0.0/0"])),
    ),
    Operator(
        "expose-internal-ports",
        "Make the Service for metrics and dispatch a NodePort.",
        ("network.service_ports", "network.service_exposure"),
        at(such(inner, _internal), _reachable("NodePort")),
    ),
    Operator(
        "mislead-service-port",
        "Send a Service's port to one that no pod declares.",
        ("network.service_ports",),
        at(entries(services, "spec", "ports"), setting(targetPort="nowhere")),
    ),
    Operator(
        "mislead-service",
        "Let a Service select no pod.",
        ("network.service_ports",),
        at(services, setting(spec__selector__tier="none")),
    ),
    Operator(
        "forget-ingress-tls",
        "Serve an Ingress without TLS.",
        ("transport.ingress_tls",),
        at(ingresses, without("spec", "tls")),
    ),
    Operator(
        "serve-other-host",
        "Serve a host that no certificate of the Ingress is for.",
        ("transport.ingress_tls",),
        at(entries(ingresses, "spec", "rules"), _other_host),
    ),
    Operator(
        "forget-ingress-secret",
        "Name no Secret for the TLS of an Ingress.",
        ("transport.ingress_tls",),
        at(entries(ingresses, "spec", "tls"), without("secretName")),
    ),
    Operator(
        "speak-plaintext-to-backend",
        "Let ingress-nginx speak plaintext to a listener with TLS.",
        ("transport.ingress_tls",),
        at(ingresses, _plain_backend),
    ),
)
