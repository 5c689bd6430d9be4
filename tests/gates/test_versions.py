"""What is known of SpiceDB's versions is whole, and the chart's own version is among them."""

from __future__ import annotations

from itertools import groupby

from tests.judges.flags.files import inconsistent, recorded
from tests.judges.flags.inventory import RELEASES
from tests.place import ROOT
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


def test_the_page_on_upgrades_names_the_last_migration_of_each_version() -> None:
    engines = ("postgres", "cockroachdb", "mysql", "spanner")
    rows = ["| version | " + " | ".join(engines) + " |", "|---|---|---|---|---|"]
    heads = {version: tuple(release.heads[e] for e in engines) for version, release in recorded().releases.items()}
    for names, group in groupby(reversed(heads), key=heads.__getitem__):
        versions = list(group)
        span = versions[0] if len(versions) == 1 else f"{versions[-1]} to {versions[0]}"
        rows.append(f"| {span} | " + " | ".join(f"`{name}`" for name in names) + " |")
    assert "\n" + "\n".join(rows) + "\n\n" in (ROOT / "docs/upgrades.md").read_text()
