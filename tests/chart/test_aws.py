"""RDS with IAM: everything that is signed is there, for server and migration, and nothing that would undo it."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, refused, rendered, rendering, server

EXAMPLE = chart().examples["production-postgres-podidentity.yaml"]
HOST = "authz.abcdefgh.eu-west-1.rds.amazonaws.com"


def _containers(values: Any) -> list[dict[str, Any]]:
    objects = rendered(values)
    (migration,) = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]["containers"]
    return [server(objects), migration]


def test_server_and_migration_make_tokens_for_a_uri_without_a_password() -> None:
    for container in _containers(EXAMPLE):
        settings = environment(container)
        assert settings["SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME"] == "aws-iam"
        assert settings["AWS_REGION"] == "eu-west-1"
        assert settings["SPICEDB_DATASTORE_CONN_URI"] == f"postgresql://spicedb@{HOST}:5432/spicedb?sslmode=verify-full"
        assert settings["PGSSLROOTCERT"] == "/etc/spicedb/tls/datastore/ca.crt"
        assert "PGPASSWORD" not in settings


@pytest.mark.parametrize(("mode", "tls"), [("verify-full", "true"), ("require", "skip-verify")])
def test_mysql_is_never_sent_a_token_in_plaintext(mode: str, tls: str) -> None:
    values = put(put(EXAMPLE, "config.datastoreEngine", "mysql"), "aws.rds.sslMode", mode)
    if mode == "require":
        values = put(put(values, "profile", "development"), "config.tls.datastore", {})
    for container in _containers(values):
        uri = environment(container)["SPICEDB_DATASTORE_CONN_URI"]
        assert uri == f"spicedb@tcp({HOST}:3306)/spicedb?parseTime=true&tls={tls}"


def test_both_may_reach_the_agent_of_their_node() -> None:
    objects = rendered(EXAMPLE)
    agent = {
        "to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}, {"ipBlock": {"cidr": "fd00:ec2::23/128"}}],
        "ports": [{"protocol": "TCP", "port": 80}],
    }
    for name in ("spicedb", "spicedb-migration"):
        assert agent in objects[f"NetworkPolicy/{name}"]["spec"]["egress"]


def test_the_notes_associate_the_role_with_both_accounts() -> None:
    notes = rendering(EXAMPLE).notes
    role = "--role-arn arn:aws:iam::123456789012:role/spicedb-production"
    for account in ("spicedb", "spicedb-migration"):
        assert f"--service-account {account} {role}" in notes


def test_one_association_for_each_account_that_connects() -> None:
    association = {"enabled": True, "clusterName": "production"}
    values = put(put(EXAMPLE, "aws.podIdentity.association", association), "config.migrations.mode", "job")
    shared = put(values, "config.migrations.serviceAccount", {"create": False, "name": "spicedb"})
    accounts = [
        sorted(o["spec"]["serviceAccount"] for o in rendered(found).values() if o["kind"] == "PodIdentityAssociation")
        for found in (values, shared)
    ]
    assert accounts == [["spicedb", "spicedb-migration"], ["spicedb"]]
    assert refused(put(values, "config.migrations.mode", "hook")) == ["migration-hook-excludes-an-association"]


@pytest.mark.parametrize(
    ("key", "value", "reasons"),
    [
        ("config.datastoreEngine", "cockroachdb", ["rds-needs-its-engine"]),
        ("aws.podIdentity.region", "", ["rds-needs-a-region"]),
        ("aws.rds.username", "", ["rds-is-complete"]),
        ("aws.rds.tokenRefresh.sidecar", True, ["rds-tokens-need-no-refresh"]),
        ("aws.rds.tokenRefresh.refreshInterval", "10m", ["rds-tokens-need-no-refresh"]),
        ("config.datastore.existingSecret", "s", ["rds-replaces-the-uri"]),
        ("aws.rds.sslMode", "require", ["rds-verification-is-not-undone"]),
        ("aws.rds.sslMode", "disable", ["aws.rds.sslMode"]),
        ("serviceAccount.annotations", {"eks.amazonaws.com/role-arn": "r"}, ["pod-identity-excludes-irsa"]),
    ],
)
def test_what_would_leave_the_database_without_a_valid_token_is_refused(
    key: str, value: object, reasons: list[str]
) -> None:
    assert refused(put(EXAMPLE, key, value)) == reasons


def test_the_region_is_that_of_the_database_s_name() -> None:
    assert refused(put(EXAMPLE, "aws.podIdentity.region", "eu-west-2")) == ["rds-region-is-that-of-the-hostname"]
    assert rendered(put(put(EXAMPLE, "aws.podIdentity.region", "eu-west-2"), "aws.rds.hostname", "db.example.com"))


def test_roles_for_service_accounts_work_without_the_agent() -> None:
    values = put(EXAMPLE, "aws.podIdentity", {"region": "eu-west-1"})
    values = put(values, "serviceAccount.annotations", {"eks.amazonaws.com/role-arn": "r"})
    assert refused(values) == ["network-policy-lets-roles-be-assumed"]
    peers = [{"ipBlock": {"cidr": "10.30.0.0/16"}}]
    objects = rendered(put(values, "networkPolicy.sts.to", peers))
    assert "169.254.170.23" not in str(objects)
    for name in ("spicedb", "spicedb-migration"):
        egress = objects[f"NetworkPolicy/{name}"]["spec"]["egress"]
        assert {"to": peers, "ports": [{"protocol": "TCP", "port": 443}]} in egress
