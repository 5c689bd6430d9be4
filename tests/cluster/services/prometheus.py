"""A real Prometheus, at the machine's end of the cluster's link."""

from __future__ import annotations

import json
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.cluster.services.processes import beside, free_ports

TIMEOUT = 5.0
EVERY = "1s"


@dataclass(frozen=True)
class Prometheus:
    """A server that scrapes."""

    port: int

    def query(self, expression: str) -> dict[str, float]:
        """The values of an instant query, by the series' instance."""
        result = self._get("query", query=expression)["result"]
        return {series["metric"].get("instance", ""): float(series["value"][1]) for series in result}

    def alerts(self) -> list[dict[str, Any]]:
        """Alerts that are pending or firing."""
        found: list[dict[str, Any]] = self._get("alerts")["alerts"]
        return found

    def targets(self) -> list[dict[str, Any]]:
        """What is scraped, with `health` and `lastError` of each."""
        found: list[dict[str, Any]] = self._get("targets")["activeTargets"]
        return found

    def answers(self) -> bool:
        try:
            self._get("query", query="1")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def _get(self, what: str, **query: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/api/v1/{what}?{urlencode(query)}"
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            return json.load(response)["data"]


@contextmanager
def scraping(
    targets: Sequence[str],
    rules: Mapping[str, Any] | None = None,
    authority: str = "",
    name: str = "",
    labels: Mapping[str, str] | None = None,
) -> Iterator[Prometheus]:
    """A Prometheus that scrapes targets, written host:port, each second, as long as the block runs.

    `rules` is what a rule file holds, `labels` are what discovery would add to each target. With an authority it
    scrapes over TLS and takes no server but `name`.
    """
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="prometheus-") as path:
        folder = Path(path)
        (folder / "ca.crt").write_text(authority)
        (folder / "rules.json").write_text(json.dumps(rules or {"groups": []}))
        job: dict[str, Any] = {
            "job_name": "spicedb",
            "static_configs": [{"targets": list(targets), "labels": dict(labels or {})}],
        }
        if authority:
            job |= {"scheme": "https", "tls_config": {"ca_file": "ca.crt", "server_name": name}}
        config = {
            "global": {"scrape_interval": EVERY, "evaluation_interval": EVERY},
            "rule_files": ["rules.json"],
            "scrape_configs": [job],
        }
        (folder / "config.json").write_text(json.dumps(config))
        command = [
            "prometheus",
            f"--config.file={folder}/config.json",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
        ]
        with beside(command) as process:
            prometheus = Prometheus(port)
            while not prometheus.answers():
                if process.poll() is not None:
                    assert process.stdout is not None
                    raise AssertionError(f"prometheus does not start: {process.stdout.read()}")
            yield prometheus
