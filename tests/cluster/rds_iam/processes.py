"""PostgreSQL, and SpiceDB as the chart sets it up, as plain processes on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.cluster.rds_iam.agent import MOUNT
from tests.cluster.services.processes import free_ports
from tests.judges.programs import program
from tests.project import environment

# Where Debian and its kin keep PostgreSQL, a folder a version.
POSTGRESQL = Path("/usr/lib/postgresql")
# The kernel interrupts what we started, should we be killed.
ENDS_WITH_US = ("setpriv", "--pdeathsig", "INT")
PRESHARED_KEY = "a-key-that-is-no-secret"
SECONDS_TO_START = 30
SECONDS_TO_STOP = 30
RIGHT = {("anna", "HAS_PERMISSION"), ("bob", "NO_PERMISSION")}


@dataclass(frozen=True)
class Server:
    """A running SpiceDB, asked through its REST gateway."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def ask(self, path: str, **body: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {PRESHARED_KEY}", "Content-Type": "application/json"}
        with closing(HTTPConnection(self.address, timeout=10)) as connection:
            connection.request("POST", f"/v1/{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            found: dict[str, Any] = json.load(answer)
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise ConnectionError(found)
        assert answer.status == HTTPStatus.OK, found
        return found

    def ready(self) -> Server:
        """Waits until it writes to the database, a schema and that anna may read."""
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                self.ask("schema/write", schema="definition user {}\ndefinition doc {\n  relation reader: user\n}")
                break
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(self.log.read_text()[-2000:]) from error
                time.sleep(0.1)
        anna = {"object": {"objectType": "user", "objectId": "anna"}}
        reads = {"resource": {"objectType": "doc", "objectId": "1"}, "relation": "reader", "subject": anna}
        self.ask("relationships/write", updates=[{"operation": "OPERATION_TOUCH", "relationship": reads}])
        return self

    def answers(self, seconds: float) -> set[tuple[str, str]]:
        """Who may read, asked for that time, of the database and no cache. A request that fails, fails the test."""
        deadline, found = time.monotonic() + seconds, set()
        while time.monotonic() < deadline:
            for user in ("anna", "bob"):
                answer = self.ask(
                    "permissions/check",
                    consistency={"fullyConsistent": True},
                    resource={"objectType": "doc", "objectId": "1"},
                    permission="reader",
                    subject={"object": {"objectType": "user", "objectId": user}},
                )
                found.add((user, str(answer["permissionship"]).removeprefix("PERMISSIONSHIP_")))
        return found


def command(container: Mapping[str, Any], account: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The container's process and environment, whole, but that mounted files lie in the folder."""
    settings = {}
    for name, value in environment(container).items():
        text = value if isinstance(value, str) else PRESHARED_KEY
        text = text.replace("/etc/spicedb/tls/datastore", str(folder))
        settings[name] = text.replace(MOUNT, str(folder / account))
    return [*ENDS_WITH_US, str(program("spicedb")), *container["args"]], settings


def working_directory(container: Mapping[str, Any], account: str, folder: Path) -> Path | None:
    """Where the container would be, if it says so: its only other mount that these tests know."""
    return folder / account if "workingDir" in container else None


def run_to_its_end(container: Mapping[str, Any], account: str, folder: Path) -> subprocess.CompletedProcess[str]:
    arguments, settings = command(container, account, folder)
    place = working_directory(container, account, folder)
    return subprocess.run(arguments, env=settings, cwd=place, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def serving(container: Mapping[str, Any], account: str, folder: Path) -> Iterator[Server]:
    """The server, at ports that are free here."""
    arguments, settings = command(container, account, folder)
    names = ("GRPC", "HTTP", "METRICS")
    addresses = {name: f"127.0.0.1:{port}" for name, port in zip(names, free_ports(len(names)), strict=True)}
    settings |= {f"SPICEDB_{name}_ADDR": address for name, address in addresses.items()}
    with (folder / "server.log").open("w") as log:
        place = working_directory(container, account, folder)
        process = subprocess.Popen(arguments, env=settings, cwd=place, stdout=log, stderr=log)
    try:
        yield Server(process, addresses["HTTP"], folder / "server.log")
    finally:
        _stop(process)


def postgresql_program(name: str) -> str:
    """The newest that is installed."""
    found = sorted(POSTGRESQL.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise RuntimeError(f"there is no PostgreSQL below {POSTGRESQL}: install it, as in apt install postgresql")
    return str(found[-1])


@contextmanager
def postgresql(folder: Path) -> Iterator[Path]:
    """A PostgreSQL whose only way in is a socket in the folder. It does not run as root, which runs it as postgres."""
    other: dict[str, Any] = {"cwd": folder, "stderr": subprocess.PIPE}
    if os.geteuid() == 0:
        other |= {"user": "postgres", "group": "postgres", "extra_groups": ()}
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    initdb = [postgresql_program("initdb"), "-D", data, "-U", "spicedb", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **other)
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "track_commit_timestamp=on")
    options = [option for setting in settings for option in ("-c", setting)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*ENDS_WITH_US, postgresql_program("postgres"), "-D", data, *options], **other | {"stderr": log}
        )
    try:
        createdb = [postgresql_program("createdb"), "-h", str(folder), "-U", "spicedb", "spicedb"]
        deadline = time.monotonic() + SECONDS_TO_START
        while subprocess.run(createdb, check=False, **other).returncode:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield folder / ".s.PGSQL.5432"
    finally:
        _stop(process)


def certificate(folder: Path, *names: str) -> ssl.SSLContext:
    """A certificate for the names, as in DNS:localhost, which is its own authority, the folder's ca.crt."""
    folder.mkdir(exist_ok=True)
    key, found = str(folder / "tls.key"), str(folder / "ca.crt")
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
    ]
    subject = ["-subj", "/CN=database", "-addext", f"subjectAltName={','.join(names)}"]
    subprocess.run([*request, *subject, "-keyout", key, "-out", found], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(found, key)
    return context


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(SECONDS_TO_STOP)
