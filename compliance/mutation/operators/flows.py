"""Mistakes that cut SpiceDB off from what it needs, or open it to names that nobody listed."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import Change, Manifests, Spot, at, entries, found, of_kind, such, with_, without
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, reset, servers, unset

policies = of_kind("NetworkPolicy")
routes = of_kind("GRPCRoute", "HTTPRoute")
ingresses = of_kind("Ingress")
_API_SERVER = (443, 6443)
_DATASTORE = (5432, 26257, 3306)
_DISPATCH = (50053, "dispatch")


def _without_rules_for(direction: str, ports: tuple[int | str, ...]) -> Change:
    """A policy without the rules of one direction that open one of these ports."""

    def change(policy: Json) -> Json | None:
        rules = found(policy, ("spec", direction)) or []
        kept = [rule for rule in rules if not {p.get("port") for p in rule.get("ports", ())} & set(ports)]
        return with_(policy, ["spec", direction], kept) if len(kept) < len(rules) else None

    return change


def asking(objects: Manifests) -> Iterator[Spot]:
    """The policies that govern a server which finds its peers by Kubernetes' API: those that let dispatch in."""
    addresses = [
        str(entry.get("value"))
        for server in servers(objects)
        for entry in server.value.get("env") or ()
        if entry.get("name") == "SPICEDB_DISPATCH_UPSTREAM_ADDR"
    ]
    if any(address.startswith("kubernetes:") for address in addresses):
        yield from (policy for policy in policies(objects) if _without_rules_for("ingress", _DISPATCH)(policy.value))


def _other_peers(direction: str, peers: str) -> Change:
    """The rules for dispatch lead to other pods."""

    def change(policy: Json) -> Json | None:
        rules = found(policy, ("spec", direction)) or []
        changed = [
            {**rule, peers: [{"podSelector": {"matchLabels": {"tier": "none"}}}]}
            if {p.get("port") for p in rule.get("ports", ())} & set(_DISPATCH)
            else rule
            for rule in rules
        ]
        return with_(policy, ["spec", direction], changed) if changed != rules else None

    return change


def _default_backend(ingress: Json) -> Json | None:
    backend = found(ingress, ("spec", "rules", 0, "http", "paths", 0, "backend"))
    return with_(ingress, ["spec", "defaultBackend"], backend) if backend else None


OPERATORS = (
    Operator(
        "cut-off-api-server",
        "Leave the API server out of what a NetworkPolicy lets a server reach that asks it for peers.",
        ("network.api_server_egress",),
        at(asking, _without_rules_for("egress", _API_SERVER)),
    ),
    Operator(
        "cut-off-datastore",
        "Leave the datastore out of what a NetworkPolicy lets pods reach.",
        ("network.datastore_egress",),
        at(policies, _without_rules_for("egress", _DATASTORE)),
    ),
    *(
        Operator(
            f"cut-off-dispatch-{word}",
            f"Leave dispatch between the pods out of a NetworkPolicy's {direction}.",
            ("network.dispatch_reachable",),
            at(policies, _without_rules_for(direction, _DISPATCH)),
        )
        for direction, word in (("ingress", "in"), ("egress", "out"))
    ),
    *(
        Operator(
            f"lead-dispatch-astray-{word}",
            f"Let other pods than its own take part in dispatch, in a NetworkPolicy's {direction}.",
            ("network.dispatch_reachable",),
            at(policies, _other_peers(direction, peers)),
        )
        for direction, peers, word in (("ingress", "from", "in"), ("egress", "to", "out"))
    ),
    Operator(
        "answer-for-every-host",
        "Leave the host of an Ingress' rule out.",
        ("network.hosts_named",),
        at(such(entries(ingresses, "spec", "rules"), lambda rule: bool(rule.get("http"))), without("host")),
    ),
    Operator(
        "send-the-rest-to-a-default",
        "Send what no rule of an Ingress is for to SpiceDB.",
        ("network.hosts_named",),
        at(ingresses, _default_backend),
    ),
    Operator(
        "route-every-host",
        "Leave the host names of a route out.",
        ("network.hosts_named",),
        at(routes, without("spec", "hostnames")),
    ),
    Operator(
        "send-statistics",
        "Leave the switch of telemetry at its default, which sends statistics.",
        ("network.outside_calls",),
        at(servers, unset("SPICEDB_TELEMETRY_ENDPOINT")),
    ),
    Operator(
        "send-statistics-in-plaintext",
        "Send statistics to an http address.",
        ("network.outside_calls",),
        at(servers, reset("SPICEDB_TELEMETRY_ENDPOINT", "http://telemetry.example.com")),
    ),
    Operator(
        "ask-for-releases",
        "Let SpiceDB ask GitHub for newer releases.",
        ("network.outside_calls",),
        at(containers, reset("SPICEDB_SKIP_RELEASE_CHECK", "false")),
    ),
)
