"""A real PostgreSQL beside the cluster: at the machine's end of the link, or where the user has one.

Nothing is written to disk for good, so databases are made in a moment. It offers TLS and does not insist on it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.cluster.pki import authority

USER = "postgres"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # SpiceDB's Watch needs it.
    "track_commit_timestamp": "on",
    # Each of SpiceDB's pods may open 30 connections, and several scenarios run at once.
    "max_connections": "600",
    "shared_buffers": "64MB",
    # Goes away with the namespace, where POSIX shared memory would leave files.
    "dynamic_shared_memory_type": "sysv",
    "unix_socket_directories": "",
    "ssl": "on",
    "log_min_messages": "warning",
}


class DatabaseError(Exception):
    """What psql said."""


@dataclass(frozen=True)
class Database:
    """One database with a login of its own."""

    host: str
    port: int
    name: str
    password: str
    authority: str

    @property
    def user(self) -> str:
        return self.name

    def uri(self, **parameters: str) -> str:
        """The connection string; parameters such as sslmode are added to it."""
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in parameters.items())
        address = f"postgresql://{self.user}:{quote(self.password, safe='')}@{self.host}:{self.port}/{self.name}"
        return f"{address}?{query}" if query else address


@dataclass(frozen=True)
class Server:
    """A server to make databases on. `authority` signed its certificate, in PEM; empty where that is unknown."""

    host: str
    port: int
    password: str
    authority: str = ""
    user: str = USER

    @staticmethod
    def at(uri: str) -> Server:
        """The server of a superuser's connection string."""
        parts = urlsplit(uri)
        if not parts.hostname or not parts.username:
            raise ValueError(f"{uri} is not written as postgresql://USER:PASSWORD@HOST:PORT")
        return Server(parts.hostname, parts.port or 5432, parts.password or "", user=parts.username)

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements, each on its own, and return what they answer, unaligned."""
        command = ["psql", "--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--set=ON_ERROR_STOP=1"]
        commands = [f"--command={statement}" for statement in statements]
        done = subprocess.run(
            [
                *command,
                *commands,
                f"host={self.host} port={self.port} user={self.user} dbname={database} connect_timeout=3",
            ],
            env={"PGPASSWORD": self.password, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise DatabaseError(done.stderr.strip())
        return done.stdout.strip()

    def answers(self) -> bool:
        try:
            return self.sql("SELECT 1") == "1"
        except DatabaseError:
            return False

    def create(self, name: str) -> Database:
        """A new, empty database; one of that name that is there already goes away."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
            raise ValueError(f"{name!r} cannot be the name of a database: letters, digits and underscores, please")
        self.drop(name)
        password = secrets.token_hex(12)
        self.sql(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'", f"CREATE DATABASE {name} OWNER {name}")
        return Database(self.host, self.port, name, password, self.authority)

    def drop(self, name: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"DROP ROLE IF EXISTS {name}")

    def refuse(self, database: Database) -> None:
        """Make a database unreachable for its user: open connections end and new ones are refused, until `admit`."""
        ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.name}'"  # noqa: S608
        self.sql(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false", ends)

    def admit(self, database: Database) -> None:
        self.sql(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS true")


def prepare(folder: Path, host: str, port: int = 5432) -> Server:
    """Make what a server needs in a folder that only its own user can read."""
    root = authority("spicedb-test-databases")
    pair = root.issue("postgres", [host])
    server = Server(host, port, secrets.token_hex(12), root.certificate)
    folder.mkdir(parents=True)
    contents = {
        "password": server.password,
        "server.crt": pair.certificate,
        "server.key": pair.key,
        "server.json": json.dumps(asdict(server)),
    }
    for name, content in contents.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
        shutil.chown(folder / name, USER, USER)
    shutil.chown(folder, USER, USER)
    folder.chmod(0o700)
    return server


def prepared(folder: Path) -> Server:
    """The server that a folder was prepared for."""
    return Server(**json.loads((folder / "server.json").read_text()))


def commands(folder: Path, server: Server) -> Iterator[Sequence[str]]:
    """What to run, one after the other; the last is the server itself."""
    unprivileged = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]
    data = folder / "data"
    yield [
        *unprivileged,
        str(PROGRAMS / "initdb"),
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={folder}/password",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    yield [*unprivileged, "sh", "-c", f"echo 'host all all all scram-sha-256' >>{data}/pg_hba.conf"]
    files = {"ssl_cert_file": f"{folder}/server.crt", "ssl_key_file": f"{folder}/server.key"}
    place = {"listen_addresses": server.host, "port": str(server.port)}
    settings = [f"-c{name}={value}" for name, value in (SETTINGS | files | place).items()]
    yield [*unprivileged, str(PROGRAMS / "postgres"), f"-D{data}", *settings]
