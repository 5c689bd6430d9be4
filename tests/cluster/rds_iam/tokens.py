"""What RDS asks of a token, a presigned URL of AWS's Signature Version 4 for rds-db: every part of it is looked at."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SERVICE = "rds-db"
LONGEST = timedelta(seconds=900)
SKEW = timedelta(minutes=5)  # as AWS allows
DATE = "%Y%m%dT%H%M%SZ"
FIXED = {"Action": "connect", "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-SignedHeaders": "host"}
VARIABLE = ("DBUser", *(f"X-Amz-{name}" for name in ("Credential", "Date", "Expires", "Security-Token", "Signature")))


class Reason(StrEnum):
    """Why a connection is refused."""

    NO_TLS = "no TLS"
    NOT_TRUSTED = "the client broke the TLS handshake off"
    MALFORMED = "not a token"
    UNKNOWN_KEY = "unknown key"
    EXPIRED_KEY = "expired key"
    SESSION = "wrong session token"
    SERVICE = "wrong service"
    REGION = "wrong region"
    HOST = "wrong host"
    USER = "wrong user"
    LOGIN = "a login that the role does not allow"
    LIFETIME = "valid for too long"
    STALE = "stale"
    EARLY = "from the future"
    SIGNATURE = "wrong signature"


@dataclass(frozen=True)
class Key:
    """Credentials that the agent gave to a ServiceAccount."""

    account: str
    id: str
    secret: str
    session: str
    expires: datetime


@dataclass(frozen=True)
class Database:
    """What tokens must be for: the endpoint as host:port, its region, a login that the role allows; and how old."""

    endpoint: str
    region: str
    logins: frozenset[str]
    max_age: timedelta = LONGEST


def verify(token: str, login: str, database: Database, keys: Mapping[str, Key], now: datetime) -> Reason | None:
    """Why the token is refused for the login, or None. The signature is last: what was signed wrongly is named."""
    try:
        url = urlsplit(f"https://{token}")
        pairs = parse_qsl(url.query, strict_parsing=True)
        parts = dict(pairs)
        _, day, region, service, end = parts["X-Amz-Credential"].split("/")
        signed = datetime.strptime(parts["X-Amz-Date"], DATE).replace(tzinfo=UTC)
        lifetime = timedelta(seconds=int(parts["X-Amz-Expires"]))
    except (KeyError, ValueError, OverflowError):
        return Reason.MALFORMED
    if (
        sorted(name for name, _ in pairs) != sorted((*FIXED, *VARIABLE))
        or not FIXED.items() <= parts.items()
        or (day, end, url.path.strip("/")) != (parts["X-Amz-Date"][:8], "aws4_request", "")
    ):
        return Reason.MALFORMED
    key = keys.get(key_id(token))
    if key is None:
        return Reason.UNKNOWN_KEY
    wrong = {
        Reason.EXPIRED_KEY: now >= key.expires,
        Reason.SESSION: parts["X-Amz-Security-Token"] != key.session,
        Reason.SERVICE: service != SERVICE,
        Reason.REGION: region != database.region,
        Reason.HOST: url.netloc != database.endpoint,
        Reason.USER: parts["DBUser"] != login,
        Reason.LOGIN: login not in database.logins,
        Reason.LIFETIME: not timedelta() < lifetime <= LONGEST,
        Reason.STALE: now - signed > min(lifetime, database.max_age),
        Reason.EARLY: signed - now > SKEW,
        Reason.SIGNATURE: not hmac.compare_digest(parts["X-Amz-Signature"], signature(token, key, region)),
    }
    return next((reason for reason, found in wrong.items() if found), None)


def key_id(token: str) -> str:
    """The id of the key that a token says it is signed with, if it says so."""
    return dict(parse_qsl(token)).get("X-Amz-Credential", "").split("/")[0]


def signature(token: str, key: Key, region: str) -> str:
    """The signature that a token should have, whether it has one or not: botocore signs what the others are."""
    url, query = f"https://{token}".split("?")
    others = "&".join(part for part in query.split("&") if not part.startswith("X-Amz-Signature="))
    request = AWSRequest("GET", f"{url}?{others}")
    request.context["timestamp"] = dict(parse_qsl(query))["X-Amz-Date"]
    signer = SigV4QueryAuth(Credentials(key.id, key.secret, key.session), SERVICE, region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(text, request))
