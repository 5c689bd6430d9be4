"""The real SpiceDB, as the chart sets it up for RDS with IAM, with stand-ins for EKS and RDS and a real PostgreSQL."""

from __future__ import annotations

import socketserver
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from compliance.values import put
from tests.cluster.rds_iam.agent import FILE, Agent, injected
from tests.cluster.rds_iam.processes import RIGHT, certificate, postgresql, postgresql_program, run_to_its_end, serving
from tests.cluster.rds_iam.proxy import TLS_REQUEST, Attempt, Proxy
from tests.cluster.rds_iam.tokens import DATE, Database, Reason, key_id
from tests.project import rendered, server

REGION = "eu-west-1"
SHORT = {"minOpen": 2, "maxOpen": 4, "maxLifetime": "1s"}
VALUES: dict[str, Any] = {
    "config": {
        "datastoreEngine": "postgres",
        "tls": {"datastore": {"enabled": True, "secretName": "spicedb-datastore-ca"}},
        "http": {"enabled": True},
        "datastore": {"connectionPool": {"read": SHORT, "write": SHORT}},
    },
    "existingSecret": "spicedb-credentials",
    "networkPolicy": {"datastore": {"to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}]}},
    "aws": {
        "podIdentity": {"enabled": True, "region": REGION},
        "rds": {"enabled": True, "hostname": "localhost", "username": "spicedb", "database": "spicedb"},
    },
}


@dataclass(frozen=True)
class Rds:
    """The stand-ins at work, and the folder of the files that pods would have mounted."""

    agent: Agent
    proxy: Proxy
    folder: Path
    upstream: Path

    def containers(self, *changes: tuple[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Those of server and migration, for the values here with the changes."""
        pod = injected(self.agent.url)
        values = put(VALUES | pod, "aws.rds.port", int(self.proxy.database.endpoint.split(":")[1]))
        for name, value in (*((f"config.migrations.{name}", value) for name, value in pod.items()), *changes):
            values = put(values, name, value)
        objects = rendered(values)
        (job,) = (found for name, found in objects.items() if name.startswith("Job/spicedb-migration"))
        return server(objects), job["spec"]["template"]["spec"]["containers"][0]

    def migrate(self, *changes: tuple[str, object], **settings: str) -> subprocess.CompletedProcess[str]:
        """The migration, with the settings in place of the chart's."""
        _, container = self.containers(*changes)
        container = container | {"env": [e for e in container["env"] if e["name"] not in settings]}
        container["env"] += [{"name": name, "value": value} for name, value in settings.items() if value]
        return run_to_its_end(container, "spicedb-migration", self.folder)

    def serve(self, *changes: tuple[str, object]) -> Any:
        return serving(self.containers(*changes)[0], "spicedb", self.folder)

    def psql(self, token: str) -> str:
        """What PostgreSQL's own client gets with a token."""
        host, port = self.proxy.database.endpoint.split(":")
        uri = f"postgresql://spicedb@{host}:{port}/spicedb?sslmode=verify-full&sslrootcert={self.folder}/ca.crt"
        ask = [postgresql_program("psql"), uri, "-Atc", "SELECT current_user"]
        done = subprocess.run(ask, env={"PGPASSWORD": token}, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr

    def reasons(self) -> set[Reason | None]:
        return {attempt.reason for attempt in self.proxy.attempts}


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[Rds]:
    """One set for the module, and the database migrated."""
    with ExitStack() as stack:
        folder, data = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        for account in ("spicedb", "spicedb-migration"):
            (folder / account).mkdir()
            (folder / account / FILE).write_text(f"token-of-{account}")
        upstream = stack.enter_context(postgresql(data))
        accounts = {f"token-of-{account}": account for account in ("spicedb", "spicedb-migration")}
        agent = stack.enter_context(Agent(("127.0.0.1", 0), accounts.get).running())
        database = Database("localhost", REGION, frozenset({"spicedb"}))
        proxy = Proxy(database, agent.keys, certificate(folder, "DNS:localhost", "IP:127.0.0.1"), upstream)
        rds = Rds(agent, stack.enter_context(proxy.listening("127.0.0.1")), folder, upstream)
        migrated = rds.migrate()
        assert migrated.returncode == 0, migrated.stderr
        yield rds


@pytest.fixture
def rds(stand_ins: Rds) -> Rds:
    stand_ins.proxy.attempts.clear()
    stand_ins.agent.requests.clear()
    stand_ins.agent.rotate()
    return stand_ins


def test_server_and_migration_get_in_with_what_the_chart_renders(rds: Rds) -> None:
    assert rds.migrate().returncode == 0
    with rds.serve() as spicedb:
        assert spicedb.ready().answers(1) == RIGHT
    assert rds.agent.requests == ["spicedb-migration", "spicedb"]
    assert {(attempt.account, attempt.login) for attempt in rds.proxy.attempts} == {
        ("spicedb-migration", "spicedb"),
        ("spicedb", "spicedb"),
    }
    assert rds.reasons() == {None}


def test_new_connections_mint_new_tokens_while_the_server_answers(rds: Rds, monkeypatch: pytest.MonkeyPatch) -> None:
    max_age = timedelta(seconds=3)
    monkeypatch.setattr(rds.proxy, "database", replace(rds.proxy.database, max_age=max_age))
    with rds.serve() as spicedb:
        assert spicedb.ready().answers(7) == RIGHT
    assert rds.reasons() == {None}
    tokens = [attempt.token for attempt in rds.proxy.attempts]
    dates = [datetime.strptime(parse_qs(token)["X-Amz-Date"][0], DATE) for token in tokens]
    assert max(dates) - min(dates) > max_age
    assert 'PAM authentication failed for user "spicedb"' in rds.psql(tokens[0])
    assert rds.proxy.attempts[-1] == Attempt(Reason.STALE, "spicedb", tokens[0], "spicedb")


def test_the_server_asks_for_new_keys_before_its_own_run_out(rds: Rds, monkeypatch: pytest.MonkeyPatch) -> None:
    # AWS's library asks again when five minutes are left.
    monkeypatch.setattr(rds.agent, "lifetime", timedelta(minutes=5, seconds=2))
    with rds.serve() as spicedb:
        assert spicedb.ready().answers(0.5) == RIGHT
        rds.agent.rotate()
        assert spicedb.answers(4) == RIGHT
    assert rds.reasons() == {None}
    keys = {key_id(attempt.token) for attempt in rds.proxy.attempts}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("change", "minutes", "reason"),
    [
        (("aws.podIdentity.region", "eu-central-1"), 0, Reason.REGION),
        (("aws.rds.hostname", "127.0.0.1"), 0, Reason.HOST),  # an alias, which the certificate is valid for
        (("aws.rds.username", "admin"), 0, Reason.LOGIN),
        (("aws.rds.username", "spicedb"), 16, Reason.STALE),
        (("aws.rds.username", "spicedb"), -6, Reason.EARLY),
    ],
)
def test_settings_and_clocks_that_are_wrong_are_refused(
    rds: Rds, monkeypatch: pytest.MonkeyPatch, change: tuple[str, object], minutes: int, reason: Reason
) -> None:
    monkeypatch.setattr(rds.proxy, "now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    done = rds.migrate(change)
    assert done.returncode == 1
    assert "PAM authentication failed" in done.stderr
    assert rds.reasons() == {reason}


def test_a_server_that_is_refused_ends(rds: Rds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rds.proxy, "now", lambda: datetime.now(UTC) + timedelta(minutes=16))
    with rds.serve() as spicedb:
        assert spicedb.process.wait(30) == 78
        assert "PAM authentication failed" in spicedb.log.read_text()
    assert rds.reasons() == {Reason.STALE}


def test_a_pod_without_an_association_gets_no_credentials(rds: Rds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rds.agent, "account_of", {"token-of-spicedb": "spicedb"}.get)
    done = rds.migrate()
    assert done.returncode == 1
    assert "failed to load credentials" in done.stderr
    assert (set(rds.agent.requests), rds.proxy.attempts) == ({None}, [])


def test_a_signature_that_was_tampered_with_is_refused(rds: Rds) -> None:
    assert rds.migrate().returncode == 0
    token = rds.proxy.attempts[-1].token
    assert rds.psql(token) == "spicedb\n"
    assert "PAM authentication failed" in rds.psql(token[:-1] + ("1" if token[-1] == "0" else "0"))
    assert rds.proxy.attempts[-1].reason is Reason.SIGNATURE


def test_no_token_is_sent_where_the_connection_is_not_encrypted(rds: Rds) -> None:
    uri = f"postgresql://spicedb@{rds.proxy.database.endpoint}/spicedb?sslmode=disable"
    done = rds.migrate(SPICEDB_DATASTORE_CONN_URI=uri)
    assert done.returncode == 1
    assert "no encryption" in done.stderr
    assert rds.proxy.attempts == [Attempt(Reason.NO_TLS, "spicedb")]


@pytest.mark.parametrize(
    ("name", "authority", "complaint"),
    [
        ("elsewhere", "own", "certificate is valid for elsewhere, not localhost"),
        ("localhost", "", "certificate signed by unknown authority"),
    ],
)
def test_a_database_that_cannot_show_who_it_is_gets_no_token(
    rds: Rds, name: str, authority: str, complaint: str
) -> None:
    tls = certificate(rds.folder / "own", f"DNS:{name}")
    proxy = Proxy(Database("localhost", REGION, frozenset({"spicedb"})), rds.agent.keys, tls, rds.upstream)
    with proxy.listening("127.0.0.1"):
        done = replace(rds, proxy=proxy).migrate(PGSSLROOTCERT=str(rds.folder / authority / "ca.crt"))
    assert done.returncode == 1
    assert complaint in done.stderr
    assert {(attempt.reason, attempt.token) for attempt in proxy.attempts} == {(Reason.NOT_TRUSTED, "")}


UNVERIFIED = (("config.tls.datastore", {"enabled": False}), ("aws.rds.sslMode", "require"))


@pytest.mark.parametrize("changes", [(), UNVERIFIED], ids=["verify-full", "require"])
def test_a_server_without_tls_hears_no_token(rds: Rds, changes: tuple[tuple[str, object], ...]) -> None:
    with _without_tls() as (port, heard):
        done = rds.migrate(*changes, ("aws.rds.port", port))
    assert done.returncode == 1
    assert "server refused TLS connection" in done.stderr
    assert heard == []


def test_without_the_sslmode_that_the_chart_sets_it_would_hear_one(rds: Rds) -> None:
    uri = "postgresql://spicedb@{}/spicedb"
    encrypted = rds.migrate(*UNVERIFIED, SPICEDB_DATASTORE_CONN_URI=uri.format(rds.proxy.database.endpoint))
    assert (encrypted.returncode, rds.reasons()) == (0, {None})
    with _without_tls() as (port, heard):
        rds.migrate(*UNVERIFIED, SPICEDB_DATASTORE_CONN_URI=uri.format(f"localhost:{port}"))
    assert b"?Action=connect&DBUser=spicedb&" in b"".join(heard)


@contextmanager
def _without_tls() -> Iterator[tuple[int, list[bytes]]]:
    """A server in the database's place that offers no TLS and asks for the password: its port, and what it hears."""
    heard: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(10)
            message = self.request.recv(4096)
            if message == struct.pack("!II", 8, TLS_REQUEST):
                self.request.sendall(b"N")
                message = self.request.recv(4096)
            if message:
                self.request.sendall(struct.pack("!cII", b"R", 8, 3))
                heard.append(self.request.recv(8192))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listener:
        Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield listener.server_address[1], heard
        finally:
            listener.shutdown()
