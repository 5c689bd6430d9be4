"""What is known of SpiceDB's versions is whole, and the chart's own version is among them."""

from __future__ import annotations

from tests.judges.flags.files import inconsistent, recorded
from tests.judges.flags.inventory import RELEASES
from tests.project import chart


def test_both_files_are_as_they_are_written() -> None:
    assert inconsistent(recorded(), RELEASES) == ""


def test_releases_are_in_order_and_end_with_the_chart_s_own() -> None:
    numbers = [tuple(int(part) for part in version[1:].split(".")) for version in RELEASES]
    assert numbers == sorted(set(numbers))
    assert RELEASES[-1] == chart().app_version


def test_every_version_has_settings_and_a_last_migration_of_each_engine() -> None:
    for release in recorded().releases.values():
        assert sorted(release.heads) == ["cockroachdb", "mysql", "postgres", "spanner"]
        assert {"SPICEDB_GRPC_PRESHARED_KEY", "SPICEDB_DATASTORE_CONN_URI", "SPICEDB_MIGRATION_TIMEOUT"} <= set(
            release.settings
        )
