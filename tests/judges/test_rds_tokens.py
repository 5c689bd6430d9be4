"""Tokens of AWS's own libraries are accepted, and each thing that can be wrong with one is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

import botocore.session
import pytest

from tests.cluster.rds_iam.tokens import DATE, Database, Key, Reason, signature, verify

NOW = datetime(2026, 11, 26, 16, 0, 0, tzinfo=UTC)
KEY = Key("spicedb", "ASIAEXAMPLE", "secret", "session/+=", NOW + timedelta(hours=1))
OTHER = Key("other", "ASIAOTHER", "another secret", "another", NOW + timedelta(hours=1))
KEYS = {key.id: key for key in (KEY, OTHER)}
HOST = "authz.abcdefgh.eu-west-1.rds.amazonaws.com:5432"
DATABASE = Database(HOST, "eu-west-1", frozenset({"spicedb", "reader"}))
# Made by SpiceDB v1.56.0 with KEY, for DATABASE: what signs here is AWS's library for Go.
OF_SPICEDB = (
    f"{HOST}?Action=connect&DBUser=spicedb&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=ASIAEXAMPLE%2F20261126%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20261126T155646Z"
    "&X-Amz-Expires=900&X-Amz-Security-Token=session%2F%2B%3D&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=179bdd5912d9fb1144e5f430d6c94269378dd11a6ee93d47bd1c646061f7ae36"
)


def token(
    key: Key = KEY,
    signed_by: Key | None = None,
    host: str = HOST,
    login: str = "spicedb",
    region: str = "eu-west-1",
    service: str = "rds-db",
    age: int = 0,
    lifetime: int = 900,
    parts: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A token made in one way that is wrong, and signed as it is."""
    date = (NOW - timedelta(seconds=age)).strftime(DATE)
    named = {
        "Action": "connect",
        "DBUser": login,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key.id}/{date[:8]}/{region}/{service}/aws4_request",
        "X-Amz-Date": date,
        "X-Amz-Expires": str(lifetime),
        "X-Amz-Security-Token": key.session,
        "X-Amz-SignedHeaders": "host",
    }
    unsigned = f"{host}/?{urlencode(named | dict(parts))}"
    return f"{unsigned}&X-Amz-Signature={signature(unsigned, signed_by or key, region)}"


def judged(text: str, now: datetime = NOW, login: str = "spicedb") -> Reason | None:
    return verify(text, login, DATABASE, KEYS, now)


def test_a_token_of_spicedb_is_accepted() -> None:
    assert judged(OF_SPICEDB) is None
    assert judged(OF_SPICEDB.replace("7ae36", "7ae37")) is Reason.SIGNATURE


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
def test_a_token_of_botocore_is_accepted() -> None:
    rds = botocore.session.get_session().create_client(
        "rds",
        region_name="eu-west-1",
        aws_access_key_id=KEY.id,
        aws_secret_access_key=KEY.secret,
        aws_session_token=KEY.session,
    )
    now = datetime.now(UTC)
    keys = {KEY.id: Key(KEY.account, KEY.id, KEY.secret, KEY.session, now + timedelta(hours=1))}
    host, port = HOST.split(":")
    made = rds.generate_db_auth_token(DBHostname=host, Port=int(port), DBUsername="spicedb")
    assert verify(made, "spicedb", DATABASE, keys, datetime.now(UTC)) is None


@pytest.mark.parametrize("age", [900, 0, -300])
def test_a_token_is_accepted_while_it_is_fresh(age: int) -> None:
    assert judged(token(age=age)) is None


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (token(host="alias.example.com:5432"), Reason.HOST),
        (token(host=HOST.replace("5432", "5433")), Reason.HOST),
        (token(region="eu-central-1"), Reason.REGION),
        (token(region=""), Reason.REGION),
        (token(service="rds"), Reason.SERVICE),
        (token(login="reader"), Reason.USER),
        (token(lifetime=901), Reason.LIFETIME),
        (token(lifetime=-1), Reason.LIFETIME),
        (token(age=901), Reason.STALE),
        (token(age=61, lifetime=60), Reason.STALE),
        (token(age=-301), Reason.EARLY),
        (token(key=Key("", "ASIAUNKNOWN", "secret", "s", NOW)), Reason.UNKNOWN_KEY),
        (token(signed_by=OTHER), Reason.SIGNATURE),
        (token(key=OTHER, parts={"X-Amz-Security-Token": KEY.session}), Reason.SESSION),
        (token().replace("spicedb", "reader"), Reason.USER),
        (token(parts={"Action": "delete"}), Reason.MALFORMED),
        (token(parts={"Version": "1"}), Reason.MALFORMED),
        (token() + "&DBUser=reader", Reason.MALFORMED),
        (token().replace("/?", "/path?"), Reason.MALFORMED),
        (token(parts={"X-Amz-Expires": "soon"}), Reason.MALFORMED),
        (token(parts={"X-Amz-SignedHeaders": "host;date"}), Reason.MALFORMED),
        (token(parts={"X-Amz-Credential": f"{KEY.id}/20200101/eu-west-1/rds-db/aws4_request"}), Reason.MALFORMED),
        (token(parts={"X-Amz-Credential": f"{KEY.id}/20261126/eu-west-1/rds-db/aws4"}), Reason.MALFORMED),
        ("password", Reason.MALFORMED),
        ("", Reason.MALFORMED),
    ],
)
def test_what_is_wrong_with_a_token_is_named(made: str, reason: Reason) -> None:
    assert judged(made) is reason


@pytest.mark.parametrize(
    ("signed", "changed"),
    [
        ("DBUser=spicedb", "DBUser=reader"),
        ("X-Amz-Date=20261126T160000Z", "X-Amz-Date=20261126T160001Z"),
        ("X-Amz-Expires=900", "X-Amz-Expires=600"),
        (token()[-64:], token(login="reader")[-64:]),
    ],
)
def test_a_part_changed_after_signing_breaks_the_signature(signed: str, changed: str) -> None:
    assert token().count(signed) == 1
    login = "reader" if "reader" in changed else "spicedb"
    assert judged(token().replace(signed, changed), login=login) is Reason.SIGNATURE


def test_a_login_that_the_role_does_not_allow_and_an_expired_key_are_refused() -> None:
    assert judged(token(login="admin"), login="admin") is Reason.LOGIN
    assert judged(token(age=-60), now=KEY.expires) is Reason.EXPIRED_KEY
