"""Mistakes in what cert-manager, gateways, monitors and collectors of traces do for TLS."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.mutation.manifests import (
    Manifests,
    Spot,
    at,
    both,
    dropped,
    entries,
    instead,
    of_kind,
    setting,
    such,
    without,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import servers, set_

certificates = of_kind("Certificate")
backend_policies = of_kind("BackendTLSPolicy")


def endpoints(objects: Manifests) -> Iterator[Spot]:
    """What monitors scrape."""
    yield from entries(of_kind("ServiceMonitor"), "spec", "endpoints")(objects)
    yield from entries(of_kind("PodMonitor"), "spec", "podMetricsEndpoints")(objects)


scraped = such(endpoints, lambda endpoint: endpoint.get("scheme") == "https")


OPERATORS = (
    Operator(
        "keep-key-over-renewals",
        "Keep the key of a certificate over renewals.",
        ("transport.certificate_keys",),
        at(certificates, setting(spec__privateKey__rotationPolicy="Never")),
    ),
    Operator(
        "forget-key-rotation",
        "Leave out whether a certificate's key changes with renewals.",
        ("transport.certificate_keys",),
        at(certificates, without("spec", "privateKey", "rotationPolicy")),
    ),
    Operator(
        "shorten-key",
        "Ask for an RSA key of 1024 bits.",
        ("transport.certificate_keys",),
        at(certificates, setting(spec__privateKey__algorithm="RSA", spec__privateKey__size=1024)),
    ),
    Operator(
        "make-authority",
        "Ask for the certificate of an authority.",
        ("transport.certificate_keys",),
        at(certificates, setting(spec__isCA=True)),
    ),
    Operator(
        "certify-client-only",
        "Ask for a certificate that is for clients only.",
        ("transport.certificate_keys",),
        at(certificates, setting(spec__usages=["digital signature", "client auth"])),
    ),
    Operator(
        "certify-other-name",
        "Ask for a certificate with another name than its callers use.",
        ("transport.certificate_names",),
        at(certificates, setting(spec__dnsNames=["other.example.com"])),
    ),
    Operator(
        "drop-backend-tls-policy",
        "Leave out by what a gateway speaks TLS to a listener with TLS.",
        ("transport.route_tls",),
        dropped(backend_policies),
    ),
    Operator(
        "verify-no-backend",
        "Let a gateway verify a listener by no authority.",
        ("transport.route_tls",),
        at(backend_policies, without("spec", "validation", "caCertificateRefs")),
    ),
    Operator(
        "verify-other-backend",
        "Let a gateway speak TLS to another Service.",
        ("transport.route_tls",),
        at(entries(backend_policies, "spec", "targetRefs"), instead("name", "other")),
    ),
    Operator(
        "scrape-in-plaintext",
        "Scrape a metrics listener with TLS in plaintext.",
        ("transport.scrape_tls",),
        at(scraped, setting(scheme="http")),
    ),
    Operator(
        "scrape-unverified",
        "Scrape metrics without verifying who gives them.",
        ("transport.scrape_tls",),
        at(scraped, setting(tlsConfig__insecureSkipVerify=True)),
    ),
    Operator(
        "scrape-without-ca",
        "Leave out the CA by which a monitor verifies what it scrapes.",
        ("transport.scrape_tls",),
        at(scraped, without("tlsConfig", "ca")),
    ),
    Operator(
        "scrape-no-port",
        "Let a monitor scrape a port that is not there.",
        ("observability.monitor_selects",),
        at(endpoints, setting(port="nowhere")),
    ),
    Operator(
        "monitor-other-labels",
        "Let a monitor select other labels.",
        ("observability.monitor_selects",),
        at(of_kind("ServiceMonitor", "PodMonitor"), setting(spec__selector__matchLabels={"tier": "none"})),
    ),
    Operator(
        "monitor-other-namespace",
        "Let a monitor look into another namespace.",
        ("observability.monitor_selects",),
        at(of_kind("ServiceMonitor", "PodMonitor"), setting(spec__namespaceSelector={"matchNames": ["elsewhere"]})),
    ),
    Operator(
        "trace-in-plaintext",
        "Send traces in plaintext.",
        ("transport.tracing_tls",),
        at(
            servers,
            both(
                set_("SPICEDB_OTEL_PROVIDER", "otlpgrpc"),
                set_("SPICEDB_OTEL_ENDPOINT", "collector.example.com:4317"),
                set_("SPICEDB_OTEL_INSECURE", "true"),
            ),
        ),
    ),
    Operator(
        "trace-to-plain-address",
        "Send traces to an http address.",
        ("transport.tracing_tls",),
        at(
            servers,
            both(
                set_("SPICEDB_OTEL_PROVIDER", "otlphttp"),
                set_("SPICEDB_OTEL_ENDPOINT", "http://collector.example.com:4318"),
            ),
        ),
    ),
)
