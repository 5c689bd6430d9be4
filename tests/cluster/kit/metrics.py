"""Metrics as a server shows them to Prometheus."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from dataclasses import dataclass

TIMEOUT = 5.0
SAMPLE = re.compile(r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>.*)\})? (?P<value>\S+)", re.MULTILINE)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Sample:
    """One series and its value."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True)
class Metrics:
    """What one scrape shows."""

    samples: tuple[Sample, ...]

    def total(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that have the labels; 0 where there is none."""
        return sum(s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items())

    def names(self) -> set[str]:
        return {sample.name for sample in self.samples}


def scrape(port: int, authority: str = "", name: str = "") -> Metrics:
    """Metrics at a port of this machine; with an authority over TLS, from a server that must be `name`."""
    return parse(fetch(port, "/metrics", authority, name))


def fetch(port: int, path: str, authority: str = "", name: str = "") -> str:
    """A page at a port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.sock = socket.create_connection(("127.0.0.1", port), TIMEOUT)
    if authority:
        context = ssl.create_default_context(cadata=authority)
        connection.sock = context.wrap_socket(connection.sock, server_hostname=name)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    assert response.status == http.HTTPStatus.OK, f"{path}: {response.status} {text[:200]}"
    return text


def parse(text: str) -> Metrics:
    found = SAMPLE.finditer(text)
    return Metrics(tuple(Sample(m["name"], dict(LABEL.findall(m["labels"] or "")), float(m["value"])) for m in found))
