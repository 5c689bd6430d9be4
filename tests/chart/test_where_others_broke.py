"""What was found broken in other SpiceDB charts, asked of this one: each test is a mistake that somebody shipped."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.values import put
from tests.project import chart, environment, policies, production, refused, rendered, rendering, server

KEY = "a-preshared-key-of-the-user"
PRODUCTION = rendered(production())


def _text(values: dict[str, Any]) -> str:
    return "\n".join(o.text for o in rendering(values).objects)


def _containers(objects: dict[str, Any]) -> list[dict[str, Any]]:
    pods = [o["spec"]["template"]["spec"] for o in objects.values() if o["kind"] in ("Deployment", "Job")]
    return [container for pod in pods for field in ("initContainers", "containers") for container in pod.get(field, [])]


def test_the_preshared_key_of_the_user_s_own_secret_is_the_one_that_is_used() -> None:
    assert environment(server(PRODUCTION))["SPICEDB_GRPC_PRESHARED_KEY"] == {
        "secretKeyRef": {"name": "spicedb-credentials", "key": "preshared_key"}
    }


def test_no_key_is_known_from_the_chart_s_files() -> None:
    assert refused({"profile": "production", "secretData": {"presharedKey": KEY}})
    assert chart().defaults["secretData"]["presharedKey"] == ""


@pytest.mark.parametrize("change", [{"tls": {"enabled": True}}, {"tls": {"secretName": "spicedb-tls"}}], ids=str)
def test_half_of_tls_is_refused_and_not_served_in_plaintext(change: dict[str, Any]) -> None:
    assert refused({"config": change}) != []


def test_every_setting_of_spicedb_exists_in_the_version_that_runs() -> None:
    inventory = {n for n, seen in policies().data["spicedb_flags"]["settings"].items() if "until" not in seen[-1]}
    names = {name for container in _containers(PRODUCTION) for name in environment(container)}
    assert {name for name in names if name.startswith("SPICEDB_")} - inventory == set()


def test_probes_of_a_tls_listener_speak_tls_at_start_too() -> None:
    probes = [server(PRODUCTION)[probe] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert [("grpc" in probe, "-tls" in probe["exec"]["command"]) for probe in probes] == [(False, True)] * 3


def test_the_production_example_needs_no_more_than_its_own_file() -> None:
    assert "Deployment/spicedb" in PRODUCTION


def test_a_database_engine_always_has_its_migration() -> None:
    assert [key for key in PRODUCTION if key.startswith("Job/")] == ["Job/spicedb-migration"]


def test_no_object_is_rendered_twice() -> None:
    for values in chart().examples.values():
        found = rendering(values)
        assert found.documents == len(found.objects)


@pytest.mark.parametrize("enabled", [True, False])
def test_http_is_offered_exactly_when_spicedb_serves_it(enabled: bool) -> None:
    objects = rendered(production(config__http__enabled=enabled))
    assert environment(server(objects))["SPICEDB_HTTP_ENABLED"] == str(enabled).lower()
    ports = {port["name"] for port in objects["Service/spicedb"]["spec"]["ports"]}
    assert ("http" in ports, 8443 in {p["containerPort"] for p in server(objects)["ports"]}) == (enabled, enabled)


def test_no_policy_looks_for_the_api_server_or_a_database_by_an_empty_selector() -> None:
    policies = [o for o in PRODUCTION.values() if o["kind"] == "NetworkPolicy"]
    peers = [peer for policy in policies for rule in policy["spec"]["egress"] for peer in rule["to"]]
    assert [peer for peer in peers if peer in ({"namespaceSelector": {}}, {"podSelector": {}}, {})] == []
    assert {"ipBlock": {"cidr": "10.0.0.10/32"}} in peers


def test_the_memory_engine_migrates_nothing() -> None:
    assert [key for key in rendered({}) if key.startswith("Job/")] == []


def test_a_migration_never_runs_after_the_pods_that_need_it() -> None:
    annotations = PRODUCTION["Job/spicedb-migration"]["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] == "pre-install,pre-upgrade"


def test_no_credential_is_in_a_command_line() -> None:
    values = {
        "config": {"datastoreEngine": "postgres"},
        "networkPolicy": {"datastore": {"to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}]}},
        "secretData": {"presharedKey": KEY, "datastoreURI": "postgres://user:unlikely@db:5432/spicedb"},
    }
    assert (_text(values).count(KEY), _text(values).count("unlikely")) == (0, 0)
    assert [word for container in _containers(rendered(values)) for word in container["args"] if "--" in word] == []


def test_dispatch_comes_with_the_right_to_find_its_peers() -> None:
    rules = PRODUCTION["Role/spicedb-dispatch"]["rules"]
    assert {(*rule["resources"], *rule["resourceNames"], *rule["verbs"]) for rule in rules} == {
        ("endpoints", "spicedb-headless", "get", "watch")
    }
    assert "RoleBinding/spicedb-dispatch" in PRODUCTION


def test_a_container_declares_the_ports_that_spicedb_listens_on() -> None:
    ports = {port["name"]: port["containerPort"] for port in server(PRODUCTION)["ports"]}
    assert ports == {"grpc": 50051, "metrics": 9090, "dispatch": 50053}


def test_migrations_do_not_run_once_a_pod() -> None:
    assert "initContainers" not in PRODUCTION["Deployment/spicedb"]["spec"]["template"]["spec"]


def test_every_container_is_hardened_without_a_patch() -> None:
    for container in _containers(PRODUCTION):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert set(container["resources"]) == {"requests", "limits"}


def test_one_added_variable_leaves_the_rest_of_the_container_as_it_is() -> None:
    variable = {"name": "GODEBUG", "value": "netdns=go"}
    added = server(rendered(production(extraEnv=[variable])))
    before = server(PRODUCTION)
    assert added == before | {"env": [*before["env"], variable]}


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("config.migrations.enabled", "Job/spicedb-migration"),
        ("networkPolicy.enabled", "NetworkPolicy/spicedb"),
        ("podDisruptionBudget.enabled", "PodDisruptionBudget/spicedb"),
        ("serviceAccount.create", "ServiceAccount/spicedb"),
    ],
)
def test_false_is_not_taken_for_unset(key: str, gone: str) -> None:
    values = put(production(profile="development", serviceAccount__name="own"), key, False)
    assert gone in PRODUCTION
    assert gone not in rendered(values)


@pytest.mark.parametrize("phase", ["write-both-read-old", "write-both-read-new"])
def test_a_migration_s_phases_are_those_of_spicedb(phase: str) -> None:
    settings = environment(server(rendered(production(config__datastore__migrationPhase=phase))))
    assert settings["SPICEDB_DATASTORE_MIGRATION_PHASE"] == phase


def test_an_autoscaler_has_no_second_master() -> None:
    objects = rendered(production(autoscaling__enabled=True))
    assert "HorizontalPodAutoscaler/spicedb" in objects
    assert "replicas" not in objects["Deployment/spicedb"]["spec"]


def test_nobody_scrapes_who_is_not_named() -> None:
    rules = rendered(production(networkPolicy__metrics=[]))["NetworkPolicy/spicedb"]["spec"]["ingress"]
    assert [rule for rule in rules if {"protocol": "TCP", "port": 9090} in rule["ports"]] == []
    assert [rule for rule in rules if not rule.get("from")] == []


def test_dispatch_with_tls_needs_the_authority_to_verify_it_with() -> None:
    assert refused(production(config__dispatch__upstreamCASecretName="")) == ["dispatch-tls-needs-a-ca"]


def test_a_security_context_can_be_changed_where_a_cluster_asks_for_it() -> None:
    objects = rendered(production(podSecurityContext={"runAsUser": None, "fsGroup": 2000}))
    context = objects["Deployment/spicedb"]["spec"]["template"]["spec"]["securityContext"]
    assert ("runAsUser" in context, context["fsGroup"], context["runAsNonRoot"]) == (False, 2000, True)


def test_a_monitor_carries_the_label_that_its_prometheus_looks_for() -> None:
    labels = {"release": "kube-prometheus-stack"}
    monitoring = {"enabled": True, "serviceMonitor": {"labels": labels}, "tls": {"caSecretName": "ca"}}
    found = rendered(production(monitoring=monitoring))["ServiceMonitor/spicedb"]
    assert labels.items() <= found["metadata"]["labels"].items()


def test_a_mistyped_setting_is_refused_and_not_passed_on() -> None:
    assert refused(production(config__dispatchEnabeld=True)) == ["config"]
    assert refused(production(config__tls__secertName="x")) == ["config.tls"]


def test_the_engine_is_what_the_values_say_and_not_memory_in_silence() -> None:
    assert environment(server(PRODUCTION))["SPICEDB_DATASTORE_ENGINE"] == "postgres"
    assert refused({"config": {"datastoreEngine": "postgresql"}}) == ["config.datastoreEngine"]
