"""Pods as they are once they run, seen from inside: what their processes may do, hold and tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import Release, install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import CREDENTIALS, on_postgres, with_dispatch
from tests.cluster.services.postgres import Database

NO_CAPABILITIES = "0000000000000000"
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 (a path)
# What a runtime mounts writable into every container; none of it is a file system of the image.
OF_THE_RUNTIME = ("/proc", "/dev", "/sys", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")


@scenario(
    "hardening.inside",
    "The server's process has no capability, cannot gain any, is filtered, is not root, and can write to no file "
    "system but its own empty volumes",
)
def test_the_process_can_do_no_more_than_it_must(namespace: Namespace, recorder: Recorder) -> None:
    release = install(namespace, {}).ready()
    (pod,) = release.pods()
    process = namespace.process(pod["metadata"]["name"])
    status = {key: process.status[key] for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
    assert status == dict.fromkeys(status, NO_CAPABILITIES)
    assert (process.status["NoNewPrivs"], process.status["Seccomp"]) == ("1", "2")
    assert set(process.status["Uid"].split()) == set(process.status["Gid"].split()) == {"65532"}
    volumes = {m["mountPath"] for c in pod["spec"]["containers"] for m in c.get("volumeMounts", ())}
    writable = {path for path, options in process.mounts.items() if "rw" in options}
    beyond = {path for path in writable if not path.startswith(OF_THE_RUNTIME)}
    recorder.count(file_systems=len(process.mounts), writable_beyond_the_runtime_s=len(beyond))
    assert "ro" in process.mounts["/"]
    assert beyond <= volumes


@scenario("hardening.no-token", "A pod that asks nothing of Kubernetes has no token to ask with")
def test_a_pod_without_dispatch_has_no_token(namespace: Namespace, database: Database) -> None:
    release = install(namespace, on_postgres(namespace, database)).ready()
    assert [path for path in mounts(release) if path.startswith(TOKEN)] == []
    volumes = [volume for pod in namespace.list("Pod") for volume in pod["spec"].get("volumes", ())]
    assert [volume["name"] for volume in volumes if "projected" in volume] == []


@scenario(
    "hardening.rights",
    "The token that dispatch needs may read the endpoints of one Service, and nothing else that every account may not",
)
def test_the_token_can_do_what_dispatch_needs_and_nothing_else(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    assert TOKEN in mounts(release)
    (account,) = {pod["spec"]["serviceAccountName"] for pod in release.pods()}
    added = [rule for rule in rights(namespace, account) if rule not in rights(namespace, "default")]
    recorder.count(rights_added=len(added))
    endpoints = {"apiGroups": [""], "resources": ["endpoints"], "resourceNames": ["spicedb-headless"]}
    assert added == [{"verbs": ["get", "watch"], **endpoints}]


@scenario("hardening.secrets", "No credential is in an object but its Secret, in a log, or in an event")
def test_credentials_are_nowhere_but_in_their_secret(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    release = install(namespace, with_dispatch(namespace, on_postgres(namespace, database))).ready()
    assert release.answers_rightly()
    credentials = [namespace.secret_value(CREDENTIALS, key) for key in ("preshared_key", "datastore_uri")]
    credentials.append(database.password)
    kinds = ("Deployment", "ReplicaSet", "Job", "Pod", "ConfigMap", "Service", "Event")
    texts = {f"{kind} {one['metadata']['name']}": json.dumps(one) for kind in kinds for one in namespace.list(kind)}
    pods = namespace.list("Pod")
    for pod in pods:
        for container in pod["spec"]["containers"]:
            name = pod["metadata"]["name"]
            texts[f"log of {name}"] = namespace.logs(name, container["name"])
    recorder.count(texts=len(texts), logs=len(pods))
    assert all(texts[f"log of {pod['metadata']['name']}"] for pod in pods)
    assert [where for where, text in texts.items() for secret in credentials if secret in text] == []


def mounts(release: Release) -> list[str]:
    """Where the server's containers have volumes, as the API server admitted them."""
    containers = [container for pod in release.pods() for container in pod["spec"]["containers"]]
    return sorted({mount["mountPath"] for container in containers for mount in container.get("volumeMounts", ())})


def rights(namespace: Namespace, account: str) -> list[Mapping[str, Any]]:
    """What a SelfSubjectRulesReview tells an account of itself."""
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace.name},
    }
    user = f"--as=system:serviceaccount:{namespace.name}:{account}"
    answer = namespace.kubectl(
        "create", "--filename=-", "--output=json", "--validate=false", user, stdin=json.dumps(review)
    )
    found: list[Mapping[str, Any]] = json.loads(answer)["status"]["resourceRules"]
    return found
