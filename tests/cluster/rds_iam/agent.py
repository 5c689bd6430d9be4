"""A stand-in for the agent of EKS Pod Identity: it gives credentials to who shows the token of a ServiceAccount."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tests.cluster.rds_iam.tokens import Key

PATH = "/v1/credentials"
MOUNT = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"
FILE = "eks-pod-identity-token"
SECONDS_TO_WAIT = 10


class Agent(ThreadingHTTPServer):
    """Listens at an address. `account_of` says whose token one is, or nothing: then no role is associated with it.

    Keys are those of one ServiceAccount each and stay the same until `rotate`, or until their lifetime is over.
    """

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        account_of: Callable[[str], str | None],
        lifetime: timedelta = timedelta(hours=6),
    ) -> None:
        super().__init__(address, _Handler)
        self.account_of = account_of
        self.lifetime = lifetime
        self.keys: dict[str, Key] = {}
        self.requests: list[str | None] = []
        self._current: dict[str, Key] = {}
        self._lock = Lock()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}{PATH}"

    def rotate(self) -> None:
        """Gives new keys from now on. Those that are out stay good until they expire."""
        with self._lock:
            self._current.clear()

    def key_for(self, token: str) -> Key | None:
        account = self.account_of(token)
        with self._lock:
            self.requests.append(account)
            if account is None:
                return None
            key = self._current.get(account)
            if key is None or key.expires <= datetime.now(UTC):
                name = f"ASIA{secrets.token_hex(8).upper()}"
                expires = datetime.now(UTC) + self.lifetime
                key = Key(account, name, secrets.token_urlsafe(30), secrets.token_urlsafe(600), expires)
                self._current[account] = self.keys[name] = key
            return key

    @contextmanager
    def running(self) -> Iterator[Agent]:
        thread = Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join(SECONDS_TO_WAIT)


class _Handler(BaseHTTPRequestHandler):
    timeout = SECONDS_TO_WAIT
    server: Agent

    def do_GET(self) -> None:
        key = self.server.key_for(self.headers.get("Authorization", "")) if self.path == PATH else None
        if key is None:
            self._answer(
                404 if self.path != PATH else 403, {"code": "AccessDenied", "message": "no role for this token"}
            )
            return
        answer = {"AccessKeyId": key.id, "SecretAccessKey": key.secret, "Token": key.session}
        self._answer(200, answer | {"Expiration": key.expires.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _answer(self, status: int, body: dict[str, str]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Nothing: `requests` has what matters."""


def injected(url: str) -> dict[str, Any]:
    """What EKS adds to a pod whose ServiceAccount has an association, as values of the chart."""
    source = {"serviceAccountToken": {"audience": "pods.eks.amazonaws.com", "expirationSeconds": 3600, "path": FILE}}
    return {
        "extraEnv": [
            {"name": "AWS_CONTAINER_CREDENTIALS_FULL_URI", "value": url},
            {"name": "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "value": f"{MOUNT}/{FILE}"},
        ],
        "extraVolumes": [{"name": FILE, "projected": {"sources": [source]}}],
        "extraVolumeMounts": [{"name": FILE, "mountPath": MOUNT, "readOnly": True}],
    }
