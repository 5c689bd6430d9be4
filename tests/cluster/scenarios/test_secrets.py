"""Where key and URI come from."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from compliance.values import merge
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.release import install, template
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres
from tests.cluster.services.postgres import Database

STORE = "production/spicedb"


@scenario("secrets.existing", "Secrets of your own serve, whatever their keys are called, the URI whole or in parts")
@pytest.mark.parametrize("uri", ["whole", "in-parts"])
def test_secrets_of_your_own(namespace: Namespace, database: Database, uri: str) -> None:
    key = secrets.token_hex(16)
    namespace.secret("keys", {"token": key})
    namespace.secret("database", {"uri": database.uri(sslmode="disable"), "word": database.password})
    parts = {"host": database.host, "user": database.user, "database": database.name}
    in_parts = {"connection": {**parts, "passwordSecret": {"name": "database", "key": "word"}}}
    datastore: dict[str, Any] = {"existingSecret": "database"} if uri == "whole" else in_parts
    names = {"presharedKey": "token"} | ({"datastoreURI": "uri"} if uri == "whole" else {})
    own = {"existingSecret": "keys", "existingSecretKeys": names, "config": {"datastore": datastore}}
    release = install(namespace, merge(on_postgres(namespace, database), own)).ready()
    assert (release.token(), release.answers_rightly()) == (key, True)
    refused = namespace.probe().check(release.target(token=secrets.token_hex(16)), "document:1#view@user:1")
    assert [error.partition(":")[0] for error in refused.errors] == ["PERMISSION_DENIED"]


@scenario(
    "secrets.external",
    "Pods wait for the Secret that an ExternalSecret asks for; the operator is played by hand, the Secret of its shape",
)
def test_pods_wait_for_the_secret_of_an_external_secret(namespace: Namespace, database: Database) -> None:
    store = {STORE: {"key": secrets.token_hex(16), "uri": database.uri(sslmode="disable")}}
    values = {**on_postgres(namespace, database), "existingSecret": "from-the-store"}
    refs = {name: {"key": STORE, "property": of} for name, of in (("presharedKey", "key"), ("datastoreURI", "uri"))}
    external = {"enabled": True, "secretStoreRef": {"name": "store"}, "remoteRefs": refs}
    (asked,) = (o for o in template(namespace, {**values, "externalSecret": external}) if o["kind"] == "ExternalSecret")
    release = install(namespace, values)
    namespace.until("server waits", lambda: waiting(release.pods()) == {"CreateContainerConfigError"}, within=30)
    as_the_operator_does(namespace, asked["spec"], store)
    assert release.ready().answers_rightly()


def as_the_operator_does(namespace: Namespace, spec: dict[str, Any], store: dict[str, dict[str, str]]) -> None:
    data = {
        entry["secretKey"]: store[entry["remoteRef"]["key"]][entry["remoteRef"]["property"]] for entry in spec["data"]
    }
    name = namespace.secret(spec["target"]["name"], data)
    labels = {"reconcile.external-secrets.io/managed": "true"}
    namespace.merge("Secret", name, {"metadata": {"labels": labels}})


def waiting(pods: list[dict[str, Any]]) -> set[str]:
    """Why containers do not run."""
    states = [status["state"] for pod in pods for status in pod["status"].get("containerStatuses", [])]
    return {state["waiting"]["reason"] for state in states if "waiting" in state}
