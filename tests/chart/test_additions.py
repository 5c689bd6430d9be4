"""What users add: it arrives, nothing else changes, and it can neither contradict the chart nor weaken production."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from compliance.values import put
from tests.place import ROOT
from tests.project import environment, production, refused, rendered, rendering, server

SQL = production(profile="development")
VOLUME = {"name": "scratch", "emptyDir": {}}
MOUNT = {"name": "scratch", "mountPath": "/scratch"}
VARIABLE = {"name": "GODEBUG", "value": "netdns=go"}
IMAGE = "ghcr.io/authzed/zed:v0.31.1"


def _with(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    for key, value in changes.items():
        values = put(values, key, value)
    return values


def _migration(objects: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = objects["Job/spicedb-migration"]["spec"]["template"]["spec"]
    return spec


def _pod(objects: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = objects["Deployment/spicedb"]["spec"]["template"]["spec"]
    return spec


def test_variables_and_volumes_follow_the_chart_s_own() -> None:
    plain = rendered(SQL)
    own = {"extraEnv": [VARIABLE], "extraVolumes": [VOLUME], "extraVolumeMounts": [MOUNT]}
    migrations = {f"config.migrations.{key}": value for key, value in own.items()}
    more = {"extraEnvFrom": [{"configMapRef": {"name": "c"}}]}
    objects = rendered(_with(SQL, own | migrations | more))
    pairs = [(_pod(objects), _pod(plain)), (_migration(objects), _migration(plain))]
    for pod, before in pairs:
        (container,), (old,) = pod["containers"], before["containers"]
        assert pod["volumes"] == [*before["volumes"], VOLUME]
        assert container["volumeMounts"] == [*old["volumeMounts"], MOUNT]
        assert container["env"] == [*old["env"], VARIABLE]
    assert server(objects)["envFrom"] == [{"configMapRef": {"name": "c"}}]


def test_the_first_volume_of_a_pod_may_be_the_user_s() -> None:
    pod = _pod(rendered({"extraVolumes": [VOLUME], "extraVolumeMounts": [MOUNT]}))
    assert (pod["volumes"], pod["containers"][0]["volumeMounts"]) == ([VOLUME], [MOUNT])


def test_flags_become_arguments_in_one_form() -> None:
    flags = {
        "SPICEDB_SCHEMA_PREFIXES_REQUIRED": True,
        "max-read-relationships-limit": 3000000,
        "datastore-conn-pool-read-healthcheck-interval": "1m",
        "datastore-read-replica-conn-uri": ["$(ONE)", "$(TWO)"],
    }
    container = server(rendered(put(SQL, "config.customFlags", flags)))
    assert container["args"] == [
        "serve",
        "--schema-prefixes-required=true",
        "--datastore-conn-pool-read-healthcheck-interval=1m",
        "--datastore-read-replica-conn-uri=$(ONE)",
        "--datastore-read-replica-conn-uri=$(TWO)",
        "--max-read-relationships-limit=3000000",
    ]
    assert environment(container) == environment(server(rendered(SQL)))


def test_a_flag_with_a_key_of_its_own_is_refused_where_the_key_is_empty_too() -> None:
    """Every setting that the chart makes of an example or a file for tests, tried where nothing sets it."""
    files = [*(ROOT / "spicedb/examples").iterdir(), *(ROOT / "spicedb/ci").iterdir()]
    values = [yaml.safe_load(file.read_text()) or {} for file in files]
    added = {f"--{name}" for of in values for name in of.get("config", {}).get("customFlags", {})}
    objects = [found for of in values for found in rendering(of).objects]
    pods = [o.data["spec"]["template"]["spec"] for o in objects if o.kind in ("Deployment", "StatefulSet", "Job")]
    names = {name for pod in pods for name in environment(pod["containers"][0]) if name.startswith("SPICEDB_")}
    flags = {word.split("=")[0] for pod in pods for word in pod["containers"][0]["args"] if word.startswith("--")}
    flags -= {"--datastore-read-replica-conn-uri", *added}
    assert (len(names) > 40, len(flags)) == (True, 4)
    for name in [*sorted(names), *sorted(flag[2:] for flag in flags)]:
        refusals = refused(put(SQL, "config.customFlags", {name: "1"}))
        assert refusals == ["additions-leave-the-chart-s-settings"], name


@pytest.mark.parametrize("key", ["extraContainers", "initContainers"])
def test_added_containers_are_hardened_field_by_field(key: str) -> None:
    mine = {"name": "mine", "image": IMAGE, "securityContext": {"runAsUser": 5, "capabilities": {"add": ["CHOWN"]}}}
    pod = _pod(rendered(_with(SQL, {key: [mine]})))
    added = pod["initContainers" if key == "initContainers" else "containers"][-1]
    assert added == mine | {
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 5,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
    }
    assert pod["containers"][0] == server(rendered(SQL))


def test_security_contexts_change_field_by_field_for_server_and_migration() -> None:
    changes = {
        "podSecurityContext": {"fsGroup": None, "runAsUser": 7},
        "securityContext": {"readOnlyRootFilesystem": False},
    }
    objects = rendered(_with(SQL, changes))
    for pod in (_pod(objects), _migration(objects)):
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 7,
            "runAsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert pod["containers"][0]["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": False,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }


def test_added_objects_carry_the_chart_s_labels_and_may_be_templates() -> None:
    added = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "{{ .Release.Name }}-notes", "labels": {"app.kubernetes.io/component": "notes"}},
        "data": {"namespace": "{{ .Release.Namespace }}"},
    }
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plain"}}
    objects = rendered(put(SQL, "extraObjects", [added, plain]))
    assert objects["ConfigMap/spicedb-notes"]["data"] == {"namespace": "authorization"}
    labels = objects["Service/spicedb"]["metadata"]["labels"]
    assert objects["ConfigMap/spicedb-notes"]["metadata"]["labels"] == labels | {"app.kubernetes.io/component": "notes"}
    assert objects["ConfigMap/plain"]["metadata"]["labels"] == labels | {"app.kubernetes.io/component": "addition"}


CONTRADICTIONS = [
    ({"config.customFlags": {"grpc-preshared-key": "k"}}, "additions-leave-the-chart-s-settings"),
    ({"config.customFlags": {"SPICEDB_GRPC_TLS_CERT_PATH": "/x"}}, "additions-leave-the-chart-s-settings"),
    ({"config.customFlags": {"http-tls-key-path": "/x"}}, "additions-leave-the-chart-s-settings"),
    ({"config.customFlags": {"grpc-addr": ":1"}}, "additions-leave-the-chart-s-settings"),
    ({"config.customFlags": {"datastore-bootstrap-overwrite": True}}, "additions-leave-the-chart-s-settings"),
    (
        {"config.customFlags": {"grpc-max-workers": 1, "SPICEDB_GRPC_MAX_WORKERS": 2}},
        "additions-set-a-setting-once",
    ),
    ({"extraEnv": [{"name": "SPICEDB_LOG_LEVEL", "value": "debug"}]}, "additions-leave-the-chart-s-settings"),
    ({"extraEnv": [{"name": "PGSSLMODE", "value": "disable"}]}, "additions-leave-the-chart-s-settings"),
    ({"extraEnv": [VARIABLE, VARIABLE]}, "additions-set-a-setting-once"),
    (
        {
            "config.customFlags": {"grpc-max-workers": 1},
            "extraEnv": [{"name": "SPICEDB_GRPC_MAX_WORKERS", "value": "2"}],
        },
        "additions-set-a-setting-once",
    ),
    (
        {"config.migrations.extraEnv": [{"name": "SPICEDB_DATASTORE_ENGINE", "value": "x"}]},
        "additions-leave-the-chart-s-settings",
    ),
    ({"extraVolumes": [VOLUME, VOLUME]}, "additions-have-names-of-their-own"),
    ({"extraVolumes": [{"name": "api-token", "emptyDir": {}}]}, "additions-have-names-of-their-own"),
    (
        {"config.migrations.extraVolumes": [{"name": "tls-datastore", "emptyDir": {}}]},
        "additions-have-names-of-their-own",
    ),
    ({"extraContainers": [{"name": "spicedb", "image": IMAGE}]}, "additions-have-names-of-their-own"),
    (
        {"extraContainers": [{"name": "a", "image": IMAGE}], "initContainers": [{"name": "a", "image": IMAGE}]},
        "additions-have-names-of-their-own",
    ),
    ({"extraVolumes": [VOLUME], "extraVolumeMounts": [MOUNT | {"name": "other"}]}, "extra-mounts-name-a-volume"),
]


@pytest.mark.parametrize(("changes", "reason"), CONTRADICTIONS, ids=lambda value: json.dumps(value)[:60])
def test_what_contradicts_the_chart_is_refused_under_each_profile(changes: dict[str, Any], reason: str) -> None:
    assert refused(_with(SQL, changes)) == [reason]
    assert reason in refused(_with(production(), changes))


def _container(**context: Any) -> dict[str, Any]:
    return {"extraContainers": [{"name": "a", "image": IMAGE, "securityContext": context}]}


WEAKER = [
    ({"securityContext": {"readOnlyRootFilesystem": False}}, "production-security-context"),
    ({"securityContext": {"allowPrivilegeEscalation": None}}, "production-security-context"),
    ({"securityContext": {"privileged": True}}, "production-security-context"),
    ({"securityContext": {"runAsUser": 0}}, "production-security-context"),
    ({"securityContext": {"runAsNonRoot": False}}, "production-security-context"),
    ({"securityContext": {"capabilities": {"add": ["CHOWN"]}}}, "production-security-context"),
    ({"securityContext": {"capabilities": {"drop": []}}}, "production-security-context"),
    ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, "production-security-context"),
    ({"securityContext": {"procMount": "Unmasked"}}, "production-security-context"),
    ({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}, "production-security-context"),
    ({"podSecurityContext": {"runAsUser": 0}}, "production-security-context"),
    ({"podSecurityContext": {"runAsNonRoot": False}}, "production-security-context"),
    ({"podSecurityContext": {"seccompProfile": {"type": "Unconfined"}}}, "production-security-context"),
    (
        {"podSecurityContext": {"seccompProfile": None}, "securityContext": {"seccompProfile": None}},
        "production-security-context",
    ),
    (_container(readOnlyRootFilesystem=False), "production-security-context"),
    (_container(runAsNonRoot=False), "production-security-context"),
    ({"extraVolumes": [{"name": "node", "hostPath": {"path": "/"}}]}, "production-volumes"),
    ({"config.migrations.extraVolumes": [{"name": "n", "nfs": {"server": "s", "path": "/"}}]}, "production-volumes"),
    ({"extraContainers": [{"name": "a", "image": "ghcr.io/authzed/zed"}]}, "production-image-tags"),
    ({"initContainers": [{"name": "a", "image": "ghcr.io/authzed/zed:latest"}]}, "production-image-tags"),
    ({"extraEnv": [{"name": "PGPASSWORD", "value": "x"}]}, "production-additions-hold-no-secrets"),
    (
        {"config.migrations.extraEnv": [{"name": "DB", "value": "postgres://u:p@h/d"}]},
        "production-additions-hold-no-secrets",
    ),
    (
        {"extraContainers": [{"name": "a", "image": IMAGE, "env": [{"name": "API_TOKEN", "value": "x"}]}]},
        "production-additions-hold-no-secrets",
    ),
    (
        {"config.customFlags": {"datastore-read-replica-conn-uri": ["postgres://u:p@h/d"]}},
        "production-additions-hold-no-secrets",
    ),
    (
        {"extraObjects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}]},
        "production-additions-hold-no-secrets",
    ),
    ({"extraEnvFrom": [{"secretRef": {"name": "s"}}]}, "production-settings-are-visible"),
]


@pytest.mark.parametrize(("changes", "reason"), WEAKER, ids=lambda value: json.dumps(value)[:80])
def test_what_weakens_production_is_refused_there_only(changes: dict[str, Any], reason: str) -> None:
    assert refused(_with(production(), changes)) == [reason]
    assert rendered(_with(SQL, changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"securityContext": {"readOnlyRootFilesystem": True, "seccompProfile": {"type": "Localhost"}}},
        {"podSecurityContext": {"runAsUser": None, "runAsGroup": None, "fsGroup": None}},
        {"podSecurityContext": {"seccompProfile": None}},
        _container(runAsUser=10001),
        {"extraContainers": [{"name": "a", "image": "registry:5000/a@sha256:" + "0" * 64}]},
        {"extraVolumes": [VOLUME, {"name": "ca", "configMap": {"name": "ca"}}]},
        {"extraEnv": [{"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]},
        {"extraEnv": [{"name": "TOKEN_FILE", "value": "/token"}]},
        {"config.customFlags": {"datastore-read-replica-conn-uri": ["$(REPLICA)"], "mismatch-zed-token-behavior": "x"}},
    ],
    ids=lambda value: json.dumps(value)[:80],
)
def test_what_weakens_nothing_is_accepted_in_production(changes: dict[str, Any]) -> None:
    assert rendered(_with(production(), changes))
