"""Mistakes in what keeps the relationships, in migrations, and in logins by IAM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation import manifests
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Mutation,
    appended,
    at,
    found,
    of_kind,
    setting,
    such,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, has, migrations, reset, servers, set_, unset, value

_ROLE = "eks.amazonaws.com/role-arn"
_ENGINE = "SPICEDB_DATASTORE_ENGINE"
_URI = "SPICEDB_DATASTORE_CONN_URI"
_OTHER = "postgres://other.example.com/spicedb?sslmode=verify-full"
with_iam = such(containers, lambda c: value(c, "SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME") == "aws-iam")


def _other_version(container: Json) -> Json | None:
    image, count = re.subn(r":v(\d+)\.(\d+)\.\d+", r":v\1.5.0", str(container.get("image")))
    return setting(image=image)(container) if count else None


def _static_key(container: Json) -> Json:
    reference = {"secretKeyRef": {"name": "aws", "key": "secret"}}
    return appended(container, "env", {"name": "AWS_SECRET_ACCESS_KEY", "valueFrom": reference})


def _second_role(objects: Manifests) -> Iterator[Mutation]:
    """Annotates the accounts that an association gives a role to."""
    associated = {found(spot.value, ("spec", "serviceAccount")) for spot in of_kind("PodIdentityAssociation")(objects)}
    own = such(of_kind("ServiceAccount"), lambda account: account["metadata"]["name"] in associated)
    role = "arn:aws:iam::123456789012:role/second"
    return iter(at(own, lambda account: with_(account, ["metadata", "annotations", _ROLE], role))(objects))


def _if_set(name: str, change: Change) -> Change:
    return lambda container: change(container) if has(container, name) else None


OPERATORS = (
    Operator(
        "keep-data-in-memory",
        "Give a server the memory engine.",
        ("datastore.persistent_engine",),
        at(servers, reset(_ENGINE, "memory")),
    ),
    Operator(
        "forget-engine",
        "Leave the engine out, which means memory.",
        ("datastore.persistent_engine",),
        at(servers, unset(_ENGINE)),
    ),
    Operator(
        "migrate-with-other-image",
        "Migrate with another version than the server's.",
        ("datastore.migration_agrees",),
        at(migrations, _other_version),
    ),
    Operator(
        "migrate-other-engine",
        "Migrate another engine than the server's.",
        ("datastore.migration_agrees",),
        at(such(migrations, lambda c: value(c, _ENGINE) != "mysql"), reset(_ENGINE, "mysql")),
    ),
    Operator(
        "migrate-other-database",
        "Migrate another database than the server's.",
        ("datastore.migration_agrees",),
        at(migrations, reset(_URI, _OTHER)),
    ),
    Operator(
        "migrate-with-other-sslmode",
        "Migrate with another sslmode than the server's.",
        ("datastore.migration_agrees",),
        at(migrations, reset("PGSSLMODE", "prefer")),
    ),
    Operator(
        "migrate-with-other-login",
        "Migrate without the server's provider of credentials.",
        ("datastore.migration_agrees",),
        at(migrations, unset("SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME")),
    ),
    Operator(
        "give-static-key",
        "Give a container a static AWS key.",
        ("identity.no_static_keys", "secrets.by_reference"),
        at(containers, set_("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
    ),
    Operator(
        "give-static-key-by-reference",
        "Give a container a static AWS key from a Secret.",
        ("identity.no_static_keys",),
        at(manifests.containers, _static_key),
    ),
    Operator(
        "give-second-role",
        "Give an account a second role of AWS.",
        ("identity.one_cloud_identity",),
        _second_role,
    ),
    Operator(
        "name-no-role",
        "Give an account what is no role of AWS.",
        ("identity.one_cloud_identity",),
        at(of_kind("ServiceAccount"), lambda a: with_(a, ["metadata", "annotations", _ROLE], "spicedb")),
    ),
    Operator(
        "give-role-to-nobody",
        "Associate a role of AWS with an account that no pod runs as.",
        ("identity.one_cloud_identity",),
        at(of_kind("PodIdentityAssociation"), setting(spec__serviceAccount="other")),
    ),
    Operator(
        "forget-region",
        "Leave the region out for which tokens are signed.",
        ("identity.rds_iam",),
        at(with_iam, unset("AWS_REGION")),
    ),
    Operator(
        "sign-for-other-engine",
        "Ask for tokens of RDS with an engine that has none.",
        ("identity.rds_iam",),
        at(with_iam, reset(_ENGINE, "cockroachdb")),
    ),
    Operator(
        "sign-without-login",
        "Sign tokens for a URI without a login.",
        ("identity.rds_iam",),
        at(with_iam, _if_set(_URI, reset(_URI, "postgres://db.example.com/spicedb"))),
    ),
)
