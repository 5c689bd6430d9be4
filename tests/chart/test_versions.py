"""What needs a setting is refused with versions of SpiceDB that lack it, and no such setting is ever rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from compliance.constraints import Constraint, broken
from compliance.model import Case, Origin, OriginKind, Refusal, Rendering
from compliance.values import put
from tests.judges.flags.files import recorded
from tests.project import NEWEST, chart, production, refused, renderer, rendering

RECORDED = recorded()
KNOWN = RECORDED.releases

# What each constraint on image.tag is about: values, and the setting that they need, or the first version that can do
# it where no setting says so.
NEEDS: dict[str, tuple[dict[str, Any], str]] = {
    # 1.25.0 began to read spicedb.env, by which judges/test_secrets_as_files.py gives newer ones their secrets.
    "secrets-as-files-need-a-version-that-has-them": ({"secretsAs": "file"}, "v1.25.0"),
    "secondary-upstreams-need-a-version-that-has-them": (
        put({}, "config.dispatch.secondary.upstreams", [{}]),
        "SPICEDB_EXPERIMENTAL_DISPATCH_SECONDARY_UPSTREAM_ADDRS",
    ),
    "rds-needs-a-version-that-has-it": (
        put({}, "aws.rds.enabled", True),
        "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME",
    ),
    "read-replicas-need-a-version-that-has-them": (
        put({}, "config.datastore.readReplicas", ["r"]),
        "SPICEDB_DATASTORE_READ_REPLICA_CONN_URI",
    ),
    "read-replica-pools-need-a-version-that-has-them": (
        put({}, "config.datastore.connectionPool.readReplica.maxOpen", 5),
        "SPICEDB_DATASTORE_READ_REPLICA_CONN_POOL_READ_MAX_OPEN",
    ),
    "allowed-migrations-need-a-version-that-has-them": (
        put({}, "config.datastore.allowedMigrations", ["m"]),
        "SPICEDB_DATASTORE_ALLOWED_MIGRATIONS",
    ),
    "watch-cannot-be-switched-off-in-older-versions": (
        put({}, "config.datastore.watch.enabled", False),
        "SPICEDB_DATASTORE_DISABLE_WATCH_SUPPORT",
    ),
}
CONSTRAINTS = {constraint.id: constraint for constraint in chart().constraints}


def accepts(constraint: Constraint, tag: str, values: Mapping[str, Any]) -> bool:
    return not constraint.is_broken_by(put(values, "image.tag", tag))


@pytest.mark.parametrize("id_", NEEDS)
def test_a_constraint_refuses_exactly_the_versions_that_lack_the_setting(id_: str) -> None:
    constraint, (values, needed) = CONSTRAINTS[id_], NEEDS[id_]
    versions = list(KNOWN)
    since = versions.index(needed) if needed in versions else min(map(versions.index, _having(needed)))
    assert [version for version in versions if accepts(constraint, version, values)] == versions[since:]
    assert needed in versions or _having(needed) == versions[since:]
    assert f"SpiceDB {versions[since]} or newer" in constraint.message
    before = versions[since - 1]
    older = (before[1:], f"{before}-debug", "v1.21.0", "v0.0.9")
    assert [accepts(constraint, tag, values) for tag in older] == [False] * 4
    assert [accepts(constraint, tag, values) for tag in ("", "latest", "v1.100.0", "v2.0.0")] == [True] * 4
    assert all(accepts(constraint, tag, chart().defaults) for tag in versions)


def _having(setting: str) -> list[str]:
    return [version for version, release in KNOWN.items() if setting in release.settings]


def test_production_takes_the_versions_that_are_known_and_not_withdrawn() -> None:
    ids = ("production-known-version", "production-version-is-not-withdrawn")
    production_only = {"profile": "production"}
    taken = [version for version in KNOWN if all(accepts(CONSTRAINTS[id_], version, production_only) for id_ in ids)]
    assert taken == [version for version in KNOWN if version not in RECORDED.withdrawn]
    for unknown in ("v1.21.0", "v1.55.0", "v1.57.0", "v1.60.0", "v2.0.0", "latest", "1.56.0", "v1.56.0-debug", "v1.5"):
        assert not accepts(CONSTRAINTS["production-known-version"], unknown, production_only)
    assert refused(production(image__tag="v1.51.0")) == ["production-version-is-not-withdrawn"]


# The versions around which what the chart renders comes or goes, and the ends.
AROUND = (
    "v1.22.0",
    "v1.24.0",
    "v1.25.0",
    "v1.31.0",
    "v1.32.0",
    "v1.38.1",
    "v1.39.0",
    "v1.42.1",
    "v1.43.0",
    "v1.44.2",
    "v1.54.0",
)


@pytest.mark.parametrize("name", sorted(chart().examples))
def test_what_an_example_renders_is_known_to_each_version_that_it_renders_for(name: str) -> None:
    outcomes = {tag: _outcome(put(chart().examples[name], "image.tag", tag)) for tag in AROUND}
    unknown = {
        tag: sorted(_settings(outcome) - set(KNOWN[tag].settings))
        for tag, outcome in outcomes.items()
        if isinstance(outcome, Rendering)
    }
    assert unknown == {tag: [] for tag in unknown}
    reasons = {reason.where for o in outcomes.values() if isinstance(o, Refusal) for reason in o.reasons}
    assert reasons <= {*NEEDS, "settings-exist-in-the-version"}
    assert "v1.54.0" in unknown


def _outcome(values: Mapping[str, Any]) -> Refusal | Rendering:
    outcome = renderer().render(Case(values, NEWEST, "", Origin(OriginKind.USER, "test")))
    assert isinstance(outcome, Refusal | Rendering)
    return outcome


def _settings(outcome: Rendering) -> set[str]:
    containers = [
        container
        for o in outcome.objects
        if o.kind in ("Deployment", "StatefulSet", "Job")
        for container in o.data["spec"]["template"]["spec"]["containers"]
        if container["name"] in ("spicedb", "migrate")
    ]
    flags = {argument[2:].partition("=")[0] for c in containers for argument in c["args"] if argument.startswith("--")}
    names = {entry["name"] for container in containers for entry in container.get("env", [])}
    return {n for n in names if n.startswith("SPICEDB_")} | {"SPICEDB_" + f.upper().replace("-", "_") for f in flags}


ADDED = {
    "config": {"customFlags": {"experimental-schema-mode": "read-new-write-new", "no-such-flag": 1}},
    "extraEnv": [{"name": "SPICEDB_OTEL_JAEGER_ENDPOINT", "value": "x"}, {"name": "GODEBUG", "value": "x"}],
}


NO_VERSION = "SPICEDB_NO_SUCH_FLAG (which SpiceDB has in no version that this chart knows)"
OLD = "SPICEDB_OTEL_JAEGER_ENDPOINT (which SpiceDB has from v1.22.0 to v1.53.0)"
NEW = "SPICEDB_EXPERIMENTAL_SCHEMA_MODE (which SpiceDB has since v1.53.0)"
WAY_OUT = "set image.tag to a version that has it, or remove what sets it."


@pytest.mark.parametrize(
    ("tag", "version", "missing"),
    [
        ("", "v1.56.0", f"{NO_VERSION}, {OLD}"),
        ("v1.52.0-debug", "v1.52.0", f"{NEW}, {NO_VERSION}"),
        ("1.53.7", "v1.53.7", NO_VERSION),
    ],
)
def test_added_settings_that_the_version_lacks_are_named_at_once(tag: str, version: str, missing: str) -> None:
    outcome = _outcome(put(ADDED, "image.tag", tag))
    assert isinstance(outcome, Refusal)
    said = f"SpiceDB {version}, which image.tag names, does not know {missing}: {WAY_OUT}"
    assert [(r.where, r.message) for r in outcome.reasons] == [("settings-exist-in-the-version", said)]


def test_of_a_version_that_is_not_known_nothing_is_said_to_be_missing() -> None:
    assert rendering(put(ADDED, "image.tag", "v1.60.0"))
    assert rendering(put(ADDED, "image.tag", "latest"))


def test_a_setting_of_the_chart_s_that_no_constraint_can_see_is_refused_too() -> None:
    values = put(chart().examples["multi-cluster.yaml"], "image.tag", "v1.44.2")
    upstreams = [{"name": "west", "address": "west.example.com:50053", "maximumHedgingDelay": "20ms"}]
    assert refused(put(values, "config.dispatch.secondary.upstreams", upstreams)) == ["settings-exist-in-the-version"]
    assert rendering(put(put(values, "image.tag", "v1.44.3"), "config.dispatch.secondary.upstreams", upstreams))


UPGRADES = tuple(constraint for constraint in chart().constraints if constraint.id.startswith("upgrade-"))


def goes(engine: str, old: str, new: str) -> bool:
    config = {"datastoreEngine": engine, "migrations": {"fromVersion": old}}
    return not broken(UPGRADES, {"config": config, "image": {"tag": new}})


def stops(engine: str, old: str) -> list[str]:
    """The fewest upgrades from a version to the newest, each as far as may be."""
    versions, way = list(KNOWN), [old]
    while way[-1] != versions[-1]:
        newer = versions[versions.index(way[-1]) + 1 :]
        way.append([version for version in newer if goes(engine, way[-1], version)][-1])
    return way[1:-1]


@pytest.mark.parametrize(
    ("engine", "old", "expected"),
    [
        ("postgres", "v1.22.0", ["v1.36.2", "v1.38.0"]),
        ("mysql", "v1.35.3", ["v1.36.2", "v1.38.0"]),
        ("cockroachdb", "v1.22.0", ["v1.30.0", "v1.36.2", "v1.38.0"]),
        ("cockroachdb", "v1.30.0", ["v1.36.2", "v1.38.0"]),
        ("spanner", "v1.22.2", ["v1.29.5", "v1.36.2", "v1.38.0"]),
        ("spanner", "v1.29.5", ["v1.36.2", "v1.38.0"]),
        ("spanner", "v1.36.2", ["v1.38.0"]),
        ("postgres", "v1.37.0", []),
        ("memory", "v1.22.0", []),
    ],
)
def test_an_upgrade_goes_as_far_as_the_next_stop(engine: str, old: str, expected: list[str]) -> None:
    assert stops(engine, old) == expected


@pytest.mark.parametrize("engine", ["postgres", "cockroachdb", "mysql", "spanner"])
def test_from_every_version_a_way_leads_to_the_newest(engine: str) -> None:
    starts = [version for version in KNOWN if not (engine == "spanner" and version in ("v1.22.0", "v1.22.1"))]
    assert all(len(stops(engine, version)) <= 3 for version in starts)
    assert all(goes(engine, version, version) for version in starts)


def test_every_version_knows_what_the_chart_sets_in_its_plainest_form() -> None:
    datastore = {"networkPolicy": {"datastore": {"to": [{"ipBlock": {"cidr": "10.0.0.1/32"}}]}}}
    plain = _settings(rendering({"config": {"datastoreEngine": "postgres"}, "existingSecret": "s"} | datastore))
    assert {version: plain - set(release.settings) for version, release in KNOWN.items()} == {v: set() for v in KNOWN}
