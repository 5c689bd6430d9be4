"""Each constraint refuses, and accepts, at least once; both interpreters' words are the same (tests/judges)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from compliance.constraints import broken
from compliance.space.cases import whole_space
from compliance.space.factors import factors_of, values_of
from compliance.space.solver import Model, nogoods_of
from compliance.values import merge, put
from tests.project import NEWEST, chart, production, refused, rendered

SQL = {
    "config": {"datastoreEngine": "postgres"},
    "existingSecret": "s",
    "networkPolicy": {"datastore": {"to": [{"ipBlock": {"cidr": "10.0.0.1/32"}}]}},
}

REPLICA_POOL = {"readReplicas": ["r"], "connectionPool": {"readReplica": {"minOpen": 5, "maxOpen": 5}}}

# What no level of the schema breaks: values to refuse, and values to accept.
BY_HAND: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "preshared-key-is-well-formed": (
        {"secretData": {"presharedKey": "short"}},
        {"secretData": {"presharedKey": "long-enough-to-be-a-key,and-a-second-one-too"}},
    ),
    "datastore-uri-is-well-formed": (
        put(put(SQL, "existingSecret", ""), "secretData", {"presharedKey": "k" * 16, "datastoreURI": "postgres://a b"}),
        put(put(SQL, "existingSecret", ""), "secretData", {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b"}),
    ),
    "datastore-tls-is-not-undone-by-the-uri": (
        {
            **put(SQL, "config.tls.datastore", {"enabled": True, "secretName": "ca"}),
            "existingSecret": "",
            "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b?sslmode=disable"},
        },
        {
            **put(SQL, "config.tls.datastore", {"enabled": True, "secretName": "ca"}),
            "existingSecret": "",
            "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b?sslmode=verify-full"},
        },
    ),
    "secrets-as-file-quote-the-uri": (
        {
            **put(SQL, "secretsAs", "file"),
            "existingSecret": "",
            "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a:b'c@d/e"},
        },
        {
            **put(SQL, "secretsAs", "file"),
            "existingSecret": "",
            "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a:b%27c@d/e"},
        },
    ),
    "anti-affinity-comes-from-one-key": (
        {"podAntiAffinity": "soft", "affinity": {"podAntiAffinity": {"a": []}}},
        {"podAntiAffinity": "soft", "affinity": {"podAffinity": {"a": []}}},
    ),
    "production-test-image-is-fixed": (
        production(tests={"enabled": True, "check": "a#b@c", "caSecretName": "ca", "image": {"tag": "latest"}}),
        production(tests={"enabled": True, "check": "a#b@c", "caSecretName": "ca"}),
    ),
    "mysql-login-needs-no-encoding": (
        put(
            chart().examples["mysql.yaml"], "config.datastore.connection", {"host": "h", "user": "a:b", "database": "d"}
        ),
        put(
            chart().examples["mysql.yaml"], "config.datastore.connection", {"host": "h", "user": "ab", "database": "d"}
        ),
    ),
    "secrets-as-files-need-a-version-that-has-them": (
        put(put(chart().examples["production-postgres.yaml"], "secretsAs", "file"), "image.tag", "v1.24.0"),
        put(put(chart().examples["production-postgres.yaml"], "secretsAs", "file"), "image.tag", "v1.25.0"),
    ),
    "secondary-upstreams-need-a-version-that-has-them": (
        put(chart().examples["multi-cluster.yaml"], "image.tag", "v1.26.0"),
        put(chart().examples["multi-cluster.yaml"], "image.tag", "v1.44.3"),
    ),
    "rds-needs-a-version-that-has-it": (
        put(chart().examples["production-postgres-podidentity.yaml"], "image.tag", "v1.31.0"),
        put(chart().examples["production-postgres-podidentity.yaml"], "image.tag", "v1.32.0"),
    ),
    "read-replicas-need-a-version-that-has-them": (
        put(put(SQL, "config.datastore", {"readReplicas": ["r"]}), "image", {"tag": "v1.34.0"}),
        put(put(SQL, "config.datastore", {"readReplicas": ["r"]}), "image", {"tag": "v1.35.0"}),
    ),
    "read-replica-pools-need-a-version-that-has-them": (
        put(put(SQL, "config.datastore", REPLICA_POOL), "image", {"tag": "v1.41.0"}),
        put(put(SQL, "config.datastore", REPLICA_POOL), "image", {"tag": "v1.42.0"}),
    ),
    "allowed-migrations-need-a-version-that-has-them": (
        put(put(SQL, "config.datastore", {"allowedMigrations": ["m"]}), "image", {"tag": "v1.38.1"}),
        put(put(SQL, "config.datastore", {"allowedMigrations": ["m"]}), "image", {"tag": "v1.39.0"}),
    ),
    "watch-cannot-be-switched-off-in-older-versions": (
        put(put(SQL, "config.datastore", {"watch": {"enabled": False}}), "image", {"tag": "v1.42.1"}),
        put(put(SQL, "config.datastore", {"watch": {"enabled": False}}), "image", {"tag": "v1.43.0"}),
    ),
    **{
        id_: (
            put(
                put(put(SQL, "config.datastoreEngine", engine), "config.migrations", {"fromVersion": old}), "image", {}
            ),
            put(
                put(put(SQL, "config.datastoreEngine", engine), "config.migrations", {"fromVersion": old}),
                "image",
                {"tag": to},
            ),
        )
        for id_, engine, old, to in (
            ("upgrade-of-postgres-stops-at-1-14", "postgres", "v1.13.0", "v1.14.0"),
            ("upgrade-of-cockroachdb-stops-at-1-30", "cockroachdb", "v1.29.5", "v1.30.0"),
            ("upgrade-stops-at-1-36", "mysql", "v1.35.3", "v1.36.2"),
            ("upgrade-from-1-36-stops-again", "postgres", "v1.36.2", "v1.38.0"),
            ("upgrade-of-spanner-starts-at-1-22", "spanner", "v1.20.0", "v1.21.0"),
            ("upgrade-of-spanner-stops-at-1-29", "spanner", "v1.22.2", "v1.29.5"),
        )
    },
}

SPACE = whole_space(chart(), chart().profiles, [NEWEST], 0, 1)
BY_ID = {case.id: case for case in SPACE.cases}


@pytest.mark.parametrize("constraint", chart().constraints, ids=lambda c: c.id)
def test_it_refuses_and_accepts(constraint: Any) -> None:
    if constraint.id in BY_HAND:
        assert constraint.id not in SPACE.probes
        to_refuse, to_accept = BY_HAND[constraint.id]
        assert constraint.id in refused(to_refuse)
        assert rendered(to_accept)
        return
    assert any(constraint.id in refused(BY_ID[probe].values) for probe in SPACE.probes[constraint.id])
    assert rendered(_accepted_under(constraint))


def test_most_probes_break_their_constraint_alone() -> None:
    alone = [id_ for id_, probes in SPACE.probes.items() if any(refused(BY_ID[p].values) == [id_] for p in probes)]
    assert sorted(set(SPACE.probes) - set(alone)) == ["production-persistent-datastore"]


def test_all_broken_constraints_are_named_at_once() -> None:
    values = {"profile": "production", "config": {"replicas": 1}, "networkPolicy": {"enabled": False}}
    assert set(refused(values)) >= {
        "production-tls",
        "production-persistent-datastore",
        "production-existing-secret",
        "production-network-policy",
        "production-replicas",
    }


def test_a_message_names_a_key_and_a_heading_that_exists() -> None:
    readme = chart().files["README.md"].decode()
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in readme.splitlines() if line.startswith("#")}
    for constraint in chart().constraints:
        groups = {path.rsplit(".", 2)[0] for path in constraint.paths if path.count(".") > 2}
        assert any(path in constraint.message for path in (*constraint.paths, *groups)), constraint.id
        assert constraint.docs.removeprefix("README.md#") in headings, constraint.id


def test_the_release_s_name_must_start_with_a_letter() -> None:
    assert refused({}, release="1st") == ["name-starts-with-a-letter"]


def test_the_production_example_is_accepted() -> None:
    assert broken(chart().constraints, merge(chart().defaults, production())) == ()


def _accepted_under(constraint: Any) -> Mapping[str, Any]:
    """Values of the space that the constraint speaks of and none refuses, or else such as the solver finds."""
    for found in SPACE.cases:
        if _is_accepted_under(constraint, found.values):
            return found.values
    for profile in chart().profiles:
        factors = factors_of(chart(), [NEWEST])
        nogoods = tuple(g for c in chart().constraints for g in nogoods_of(chart(), profile, factors, c))
        model = Model(chart(), profile, factors, nogoods)
        spoken_of = [n for n, factor in enumerate(factors) if factor.key in constraint.paths]
        for levels in product(*(range(len(factors[n].levels)) for n in spoken_of)):
            solution = model.complete(dict(zip(spoken_of, levels, strict=True)))
            values = {} if solution is None else values_of(chart(), profile, model.levels(solution))[0]
            if solution is not None and _is_accepted_under(constraint, values):
                return values
    raise AssertionError(f"nothing is accepted that {constraint.id} speaks of")


def _is_accepted_under(constraint: Any, values: Any) -> bool:
    merged = merge(chart().defaults, values)
    return all(condition.holds(merged) for condition in constraint.when) and not broken(chart().constraints, merged)
