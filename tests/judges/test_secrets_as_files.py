"""The real SpiceDB reads its secrets from the file that the chart mounts, before a real PostgreSQL."""

from __future__ import annotations

import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compliance.values import put
from tests.cluster.rds_iam.processes import PRESHARED_KEY, RIGHT, postgresql, run_to_its_end, serving
from tests.project import environment, rendered, server

VALUES: dict[str, Any] = {
    "config": {"datastoreEngine": "postgres", "http": {"enabled": True}},
    "networkPolicy": {"enabled": False},
    "secretsAs": "file",
}


@dataclass(frozen=True)
class Place:
    """A database, reached by a socket, and the folder with a working directory for each of both."""

    socket: Path
    folder: Path

    @property
    def uri(self) -> str:
        return f"postgresql://spicedb@/spicedb?host={self.socket.parent}"

    def containers(self, **files: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Those of server and migration; in their directories, what the chart's own Secret holds or what is given."""
        secret = {"presharedKey": PRESHARED_KEY, "datastoreURI": self.uri}
        objects = rendered(put(VALUES, "secretData", secret))
        (job,) = (found for name, found in objects.items() if name.startswith("Job/"))
        data = {key: b64decode(text).decode() for key, text in objects["Secret/spicedb"]["data"].items()}
        for account, key in (("server", "spicedb.env"), ("migration", "migration.env")):
            (self.folder / account / "spicedb.env").write_text(files.get(account, data[key]))
        return server(objects), job["spec"]["template"]["spec"]["containers"][0]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with ExitStack() as stack:
        folder, data = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        for account in ("server", "migration"):
            (folder / account).mkdir()
        yield Place(stack.enter_context(postgresql(data)), folder)


def test_migration_and_server_know_their_secrets_by_the_file_alone(place: Place) -> None:
    of_server, of_migration = place.containers()
    for container in (of_server, of_migration):
        assert [name for name, value in environment(container).items() if not isinstance(value, str)] == []
    migrated = run_to_its_end(of_migration, "migration", place.folder)
    assert migrated.returncode == 0, migrated.stderr
    with serving(of_server, "server", place.folder) as spicedb:
        assert spicedb.ready().answers(1) == RIGHT


def test_the_migration_s_file_needs_no_preshared_key_and_the_server_s_does(place: Place) -> None:
    _, of_migration = place.containers()
    assert "PRESHARED" not in (place.folder / "migration" / "spicedb.env").read_text()
    assert run_to_its_end(of_migration, "migration", place.folder).returncode == 0
    of_server, _ = place.containers(server=f"SPICEDB_DATASTORE_CONN_URI='{place.uri}'\n")
    done = run_to_its_end(of_server, "server", place.folder)
    assert (done.returncode, "grpc-preshared-key" in done.stderr) == (1, True)


def test_a_password_beside_the_parts_of_a_uri_is_read_from_the_file(place: Place) -> None:
    """PostgreSQL trusts everybody here, so what is seen is that the driver takes its variables from the file."""
    _, of_migration = place.containers(migration="PGHOST='/nowhere'\nPGDATABASE='spicedb'\nPGPASSWORD='secret'\n")
    settings = [*of_migration["env"], {"name": "SPICEDB_DATASTORE_CONN_URI", "value": "postgresql://spicedb@/spicedb"}]
    done = run_to_its_end(of_migration | {"env": settings}, "migration", place.folder)
    assert (done.returncode, "/nowhere" in done.stderr) == (1, True)


def test_a_variable_wins_over_the_file(place: Place) -> None:
    of_server, _ = place.containers()
    text = (place.folder / "server" / "spicedb.env").read_text()
    of_server, _ = place.containers(
        server=f"{text}SPICEDB_DISPATCH_UPSTREAM_ADDR=nonsense:///\nSPICEDB_LOG_LEVEL=nonsense\n"
    )
    with serving(of_server, "server", place.folder) as spicedb:
        assert spicedb.ready().answers(1) == RIGHT
    without = [entry for entry in of_server["env"] if entry["name"] != "SPICEDB_LOG_LEVEL"]
    done = run_to_its_end(of_server | {"env": without}, "server", place.folder)
    assert (done.returncode, "nonsense" in done.stderr) == (1, True)
