"""Six ways in which pods cannot ask each other, though every pod is ready: `helm test` sees each of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from compliance.engines.rego import RegoEngine
from compliance.values import put
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import HelmError, install
from tests.cluster.kit.scenario import long, scenario
from tests.cluster.kit.values import on_postgres, with_dispatch, with_tests, with_tls
from tests.cluster.pki import authority
from tests.cluster.services.postgres import Database
from tests.project import policies, refused

Objects = list[dict[str, Any]]
CA_PATH = "SPICEDB_DISPATCH_UPSTREAM_CA_PATH"


def short_name(namespace: Namespace) -> None:
    """A certificate for the long form of the name, which is not the one that pods dial."""
    root = authority("scenario")
    namespace.tls_secret("dispatch-tls", root.issue("dispatch", [f"spicedb-headless.{namespace.name}.svc"]), root)


def strangers_authority(namespace: Namespace) -> None:
    namespace.secret("dispatch-tls", {"ca.crt": authority("stranger").certificate})


def without_authority(objects: Objects) -> None:
    container = the(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [entry for entry in container["env"] if entry["name"] != CA_PATH]


def rights_elsewhere(objects: Objects) -> None:
    the(objects, "Role")["rules"][0]["resourceNames"] = ["spicedb"]


def without_token(objects: Objects) -> None:
    pod = the(objects, "Deployment")["spec"]["template"]["spec"]
    tokens = {volume["name"] for volume in pod["volumes"] if "projected" in volume}
    pod["volumes"] = [volume for volume in pod["volumes"] if volume["name"] not in tokens]
    mounts = pod["containers"][0]["volumeMounts"]
    pod["containers"][0]["volumeMounts"] = [mount for mount in mounts if mount["name"] not in tokens]


def without_api_server(objects: Objects) -> None:
    spec = the(objects, "NetworkPolicy", "spicedb")["spec"]
    spec["egress"] = [rule for rule in spec["egress"] if not any(port["port"] == 6443 for port in rule["ports"])]


@dataclass(frozen=True)
class Way:
    """How dispatch is broken: by what a Secret holds, or by objects that differ from what the chart makes.

    `rules` see it in these objects. `values` would make such objects, and `constraint` refuses them; a Secret's content
    can be seen by neither.
    """

    secret: Callable[[Namespace], None] = lambda _: None
    objects: Callable[[Objects], None] = lambda _: None
    rules: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    constraint: str = ""


WAYS: Mapping[str, Way] = {
    "name": Way(secret=short_name),
    "authority": Way(secret=strangers_authority),
    "plaintext": Way(
        objects=without_authority,
        rules=frozenset({"transport.dispatch_ca"}),
        values={"config.dispatch.upstreamCASecretName": ""},
        constraint="dispatch-tls-needs-a-ca",
    ),
    "rights": Way(objects=rights_elsewhere, rules=frozenset({"identity.token_for_dispatch"})),
    "token": Way(
        objects=without_token,
        rules=frozenset({"identity.bound_to_own_accounts", "identity.token_for_dispatch"}),
    ),
    "policy": Way(
        objects=without_api_server,
        rules=frozenset({"network.api_server_egress"}),
        values={"networkPolicy.apiServer.to": []},
        constraint="network-policy-needs-api-server-peers",
    ),
}


@long
@scenario("dispatch.broken", "Where pods cannot ask each other, all are ready, and `helm test` fails")
@pytest.mark.parametrize("way", WAYS)
def test_helm_test_sees_what_readiness_does_not(
    namespace: Namespace, database: Database, recorder: Recorder, way: str
) -> None:
    broken = WAYS[way]
    values, root = with_tls(namespace, with_tests(with_dispatch(namespace, on_postgres(namespace, database))))
    broken.secret(namespace)
    release = install(namespace, values)
    made = [one for one in release.objects() if "helm.sh/hook" not in one["metadata"].get("annotations", {})]
    changed = deepcopy(made)
    broken.objects(changed)
    if changed != made:  # and have pods start with it
        the(changed, "Deployment")["spec"]["template"]["metadata"]["annotations"] = {"broken": way}
    others = [one for one, before in zip(changed, made, strict=True) if one != before]
    if others:
        namespace.replace(others)
    release.settled()
    with release.spicedb(authority=root) as spicedb:
        spicedb.write_schema()
    with pytest.raises(HelmError, match="spicedb-test"):
        release.test()
    said = namespace.last_words("test")
    assert (re.search("DeadlineExceeded|Unavailable", said) is not None, "not found" in said) == (True, False), said
    release.ready(within=5)
    seen = failing(changed) - failing(made)
    recorder.count(rules_that_see_it=len(seen), constraints_that_refuse_it=bool(broken.constraint))
    assert (broken.rules <= seen, bool(broken.rules)) == (True, bool(seen)), seen
    for path, value in broken.values.items():
        assert broken.constraint in refused(put(values, path, value))


def the(objects: Sequence[dict[str, Any]], kind: str, name: str = "") -> dict[str, Any]:
    (found,) = (one for one in objects if one["kind"] == kind and name in ("", one["metadata"]["name"]))
    return found


@cache
def engine() -> RegoEngine:
    return RegoEngine(policies())


def failing(objects: Objects) -> set[str]:
    """The rules that do not hold in the objects."""
    results = engine().evaluate(json.dumps({"resources": objects, "parameters": {}}))
    return {rule for rule, observations in results.items() if not all(one["holds"] for one in observations)}
