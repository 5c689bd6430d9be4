"""Mistakes in pools, garbage collection, staleness, replicas and the way of migrations."""

from __future__ import annotations

import re

from compliance.model import Json
from compliance.mutation.manifests import Change, at, both, found, of_kind, setting, such, with_, without
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import command, containers, migrations, servers, set_, value

_ENGINE = "SPICEDB_DATASTORE_ENGINE"
_POOL = "SPICEDB_DATASTORE_CONN_POOL"
pooled = such(servers, lambda c: value(c, _ENGINE) in ("postgres", "cockroachdb"))
collecting = such(servers, lambda c: value(c, _ENGINE) in ("postgres", "mysql"))
alone = such(servers, lambda c: value(c, _ENGINE) in ("cockroachdb", "spanner"))


def _migrates(job: Json) -> bool:
    listed = found(job, ("spec", "template", "spec", "containers")) or ()
    return any(command(container) == "migrate" for container in listed)


jobs = such(of_kind("Job"), _migrates)
_WITHDRAWN = ":v1.49.0"


def _withdrawn(container: Json) -> Json | None:
    image, count = re.subn(r":v\d+\.\d+\.\d+", _WITHDRAWN, str(container.get("image")))
    return setting(image=image)(container) if count else None


def _before_start(job: Json) -> Json:
    """A migration as an init container of its own Job, before a container that does nothing."""
    pod = job["spec"]["template"]["spec"]
    migration = {**pod["containers"][0], "name": "first"}
    idle = {**{k: v for k, v in pod["containers"][0].items() if k != "args"}, "args": ["version"]}
    return with_(job, ["spec", "template", "spec"], {**pod, "initContainers": [migration], "containers": [idle]})


def _nowhere(container: Json) -> Json | None:
    args = container.get("args") or []
    return {**container, "args": args[: args.index("migrate") + 1]} if "migrate" in args else None


def _job(field: str, number: int) -> Change:
    return lambda job: with_(job, ["spec", field], number)


OPERATORS = (
    Operator(
        "answer-from-long-ago",
        "Let SpiceDB answer from five minutes ago.",
        ("datastore.bounded_staleness",),
        at(servers, set_("SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL", "5m")),
    ),
    Operator(
        "follow-from-long-ago",
        "Let SpiceDB read from followers that are two minutes behind.",
        ("datastore.bounded_staleness",),
        at(
            such(servers, lambda c: value(c, _ENGINE) == "cockroachdb"),
            set_("SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION", "2m"),
        ),
    ),
    Operator(
        "open-too-many-connections",
        "Give each pod a pool of a thousand connections.",
        ("datastore.connection_budget",),
        at(pooled, set_(f"{_POOL}_READ_MAX_OPEN", "1000")),
    ),
    Operator(
        "keep-garbage",
        "Never delete what no revision needs.",
        ("datastore.garbage_collection",),
        at(collecting, set_("SPICEDB_DATASTORE_GC_INTERVAL", "0s")),
    ),
    Operator(
        "collect-too-early",
        "Delete what revisions still need that answers are from.",
        ("datastore.garbage_collection",),
        at(collecting, set_("SPICEDB_DATASTORE_GC_WINDOW", "1s")),
    ),
    Operator(
        "write-by-one-connection",
        "Leave one connection for writing, with which writing a schema hangs.",
        ("datastore.pool_sizes",),
        at(
            pooled,
            both(set_(f"{_POOL}_WRITE_MAX_OPEN", "1"), set_(f"{_POOL}_WRITE_MIN_OPEN", "1")),
        ),
    ),
    Operator(
        "turn-pool-around",
        "Make the smallest size of a pool larger than the largest.",
        ("datastore.pool_sizes",),
        at(
            pooled,
            both(set_(f"{_POOL}_READ_MAX_OPEN", "5"), set_(f"{_POOL}_READ_MIN_OPEN", "9")),
        ),
    ),
    Operator(
        "read-from-replicas-that-are-none",
        "Give an engine read replicas that has none.",
        ("datastore.read_replicas",),
        at(alone, set_("SPICEDB_DATASTORE_READ_REPLICA_CONN_URI", "postgres://replica.example.com/spicedb")),
    ),
    Operator(
        "read-replicas-without-login",
        "Give read replicas another provider of credentials than the primary.",
        ("datastore.read_replicas",),
        at(
            collecting,
            both(
                set_("SPICEDB_DATASTORE_READ_REPLICA_CONN_URI", "postgres://replica.example.com/spicedb"),
                set_("SPICEDB_DATASTORE_READ_REPLICA_CREDENTIALS_PROVIDER_NAME", "other"),
            ),
        ),
    ),
    Operator(
        "bootstrap-database",
        "Write a file of relationships into the database when a server starts.",
        ("datastore.no_bootstrap",),
        at(servers, set_("SPICEDB_DATASTORE_BOOTSTRAP_FILES", "/bootstrap.yaml")),
    ),
    Operator(
        "overwrite-database",
        "Delete everything when a server starts.",
        ("datastore.no_bootstrap",),
        at(servers, set_("SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE", "true")),
    ),
    Operator(
        "run-withdrawn-version",
        "Run a version of SpiceDB that its makers have withdrawn.",
        ("datastore.no_withdrawn_version",),
        at(containers, _withdrawn),
    ),
    Operator(
        "migrate-twice-at-once",
        "Migrate in two pods at once.",
        ("datastore.migration_once",),
        at(jobs, both(_job("parallelism", 2), _job("completions", 2))),
    ),
    Operator(
        "migrate-over-and-over",
        "Try a migration again and again.",
        ("datastore.migration_once",),
        at(jobs, without("spec", "backoffLimit")),
    ),
    Operator(
        "migrate-in-a-hurry",
        "End a migration's Job before the migration's own timeout.",
        ("datastore.migration_once",),
        at(jobs, _job("activeDeadlineSeconds", 1)),
    ),
    Operator(
        "migrate-before-start",
        "Migrate in an init container.",
        ("datastore.migration_once",),
        at(jobs, _before_start),
    ),
    Operator(
        "migrate-to-nowhere",
        "Name no revision to migrate to.",
        ("datastore.migration_once",),
        at(migrations, _nowhere),
    ),
)
