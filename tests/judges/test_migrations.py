"""The real SpiceDB sees where a datastore is, with the containers that the chart renders, before a real PostgreSQL."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.rds_iam.processes import postgresql, postgresql_program, run_to_its_end
from tests.project import production, rendered


@pytest.fixture
def socket() -> Iterator[Path]:
    with ExitStack() as stack:
        yield stack.enter_context(postgresql(Path(stack.enter_context(tempfile.TemporaryDirectory()))))


def _containers(socket: Path, version: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The check and the migration, for this database."""
    changes = {"fromVersion": version, "checkFromVersion": True}
    values = production(**{f"config__migrations__{name}": value for name, value in changes.items()})
    pod = rendered(values)["Job/spicedb-migration"]["spec"]["template"]["spec"]
    uri = {"name": "SPICEDB_DATASTORE_CONN_URI", "value": f"postgresql://spicedb@/spicedb?host={socket.parent}"}
    containers = []
    for container in (pod["initContainers"][0], pod["containers"][0]):
        kept = [e for e in container["env"] if e["name"] != uri["name"] and not e["name"].startswith("PGSSL")]
        containers.append(container | {"env": [*kept, uri]})
    return containers[0], containers[1]


def _run(container: dict[str, Any], socket: Path) -> tuple[int, str]:
    done = run_to_its_end(container, "migration", socket.parent)
    return done.returncode, done.stderr


def _revision(socket: Path) -> str:
    ask = [postgresql_program("psql"), "-h", str(socket.parent), "-U", "spicedb", "-Atc"]
    query = "SELECT version_num FROM alembic_version"
    return subprocess.run([*ask, query, "spicedb"], capture_output=True, text=True, check=True).stdout.strip()


def test_the_check_lets_the_upgrade_of_what_it_is_told_pass_and_changes_nothing(socket: Path) -> None:
    check, migrate = _containers(socket, "v1.52.0")
    assert _run(check, socket)[0] == 0  # an empty datastore is brought to where v1.52.0 left it
    assert _revision(socket) == "add-index-for-transaction-gc"
    code, said = _run(check, socket)
    assert (code, "server already at requested revision" in said) == (0, True)
    assert _revision(socket) == "add-index-for-transaction-gc"
    assert _run(migrate, socket)[0] == 0
    assert _revision(socket) == "populate-schema-tables"


def test_the_check_ends_before_a_datastore_that_a_newer_version_migrated(socket: Path) -> None:
    check, migrate = _containers(socket, "v1.52.0")
    assert _run(migrate, socket)[0] == 0
    code, said = _run(check, socket)
    assert (code, "unable to find migration for revision" in said) == (1, True)
    assert _revision(socket) == "populate-schema-tables"
