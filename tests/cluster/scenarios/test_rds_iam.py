"""RDS with IAM in pods: tokens that AWS' own library mints, and a database that lets nothing else in."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import install
from tests.cluster.kit.scenario import long, scenario
from tests.cluster.kit.values import block
from tests.cluster.node.layout import POD_IDENTITY_AGENT
from tests.cluster.rds_iam.agent import Agent, injected
from tests.cluster.rds_iam.processes import certificate, postgresql, postgresql_program
from tests.cluster.rds_iam.proxy import Proxy
from tests.cluster.rds_iam.tokens import DATE, Database, Reason

REGION = "eu-west-1"
AUDIENCE = "pods.eks.amazonaws.com"
SHORT = {"minOpen": 2, "maxOpen": 4, "maxLifetime": "1s"}
MAX_AGE = timedelta(seconds=5)


@dataclass(frozen=True)
class Rds:
    """The stand-ins for EKS' agent and for RDS, beside the cluster."""

    agent: Agent
    proxy: Proxy
    name: str
    address: str
    authority: Path

    def values(self) -> dict[str, Any]:
        pod = injected(self.agent.url)
        return {
            "config": {
                "datastoreEngine": "postgres",
                "tls": {"datastore": {"enabled": True, "secretName": "database-ca"}},
                "datastore": {"connectionPool": {"read": SHORT, "write": SHORT}},
                "migrations": pod,
            },
            "existingSecret": "credentials",
            "networkPolicy": {"datastore": {"to": [block(self.address)], "port": self._port}},
            "aws": {
                "podIdentity": {"enabled": True, "region": REGION},
                "rds": {
                    "enabled": True,
                    "hostname": self.name,
                    "port": self._port,
                    "username": "spicedb",
                    "database": "spicedb",
                },
            },
            **pod,
        }

    @property
    def _port(self) -> int:
        return int(self.proxy.database.endpoint.rpartition(":")[2])

    def psql(self, token: str) -> str:
        """What PostgreSQL's own client is told with a token."""
        uri = (
            f"postgresql://spicedb@{self.name}:{self._port}/spicedb?hostaddr={self.address}"
            f"&sslmode=verify-full&sslrootcert={self.authority}"
        )
        ask = [postgresql_program("psql"), uri, "-Atc", "SELECT current_user"]
        done = subprocess.run(ask, env={"PGPASSWORD": token}, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr


@long
@scenario(
    "rds-iam.pods",
    "Server and migration reach a database that takes only fresh tokens, signed by AWS' own library with credentials "
    "that EKS Pod Identity gives to their ServiceAccounts; new connections bring new tokens, old ones are refused",
)
def test_pods_get_into_rds_with_tokens_of_their_own(namespace: Namespace, recorder: Recorder) -> None:
    with stand_ins(namespace) as rds:
        namespace.secret("credentials", {"preshared_key": "a-key-for-this-scenario"})
        namespace.secret("database-ca", {"ca.crt": rds.authority.read_text()})
        release = install(namespace, rds.values()).ready()
        assert release.answers_rightly()
        namespace.until("a token that is new", lambda: age_between(rds) > MAX_AGE, within=60)
        assert release.answers_rightly()
        tokens = [attempt.token for attempt in rds.proxy.attempts]
        refused = {attempt.reason for attempt in rds.proxy.attempts}
        accounts = {attempt.account for attempt in rds.proxy.attempts}
        said = rds.psql(tokens[0])
    recorder.count(tokens=len(set(tokens)), accounts=len(accounts))
    assert accounts == {"spicedb", "spicedb-migration"} == set(rds.agent.requests)
    assert refused == {None}
    assert 'PAM authentication failed for user "spicedb"' in said
    assert rds.proxy.attempts[-1].reason is Reason.STALE


def age_between(rds: Rds) -> timedelta:
    """Between the oldest and the newest token that got in."""
    tokens = [attempt.token for attempt in rds.proxy.attempts]
    dates = [datetime.strptime(parse_qs(token)["X-Amz-Date"][0], DATE) for token in tokens]
    return max(dates) - min(dates)


@contextmanager
def stand_ins(namespace: Namespace) -> Iterator[Rds]:
    name = f"{namespace.name}.cluster-example.{REGION}.rds.amazonaws.test"
    address = namespace.cluster.name_host(name)
    with ExitStack() as stack:
        data, keys = (Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rds-"))) for _ in range(2))
        upstream = stack.enter_context(postgresql(data))
        agent = stack.enter_context(Agent((POD_IDENTITY_AGENT, 80), reviewer(namespace)).running())
        database = replace(Database(name, REGION, frozenset({"spicedb"})), max_age=MAX_AGE)
        proxy = Proxy(database, agent.keys, certificate(keys, f"DNS:{name}"), upstream)
        stack.enter_context(proxy.listening(address))
        yield Rds(agent, proxy, name, address, keys / "ca.crt")


def reviewer(namespace: Namespace) -> Callable[[str], str | None]:
    """Who a token is of, by the API server's word, as EKS asks it: only tokens of the right audience count."""

    def account(token: str) -> str | None:
        review = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": [AUDIENCE]},
        }
        status = namespace.cluster.api.create("apis/authentication.k8s.io/v1/tokenreviews", review)["status"]
        prefix = f"system:serviceaccount:{namespace.name}:"
        user = str(status.get("user", {}).get("username", ""))
        return user.removeprefix(prefix) if status.get("authenticated") and user.startswith(prefix) else None

    return account
