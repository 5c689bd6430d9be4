"""The pod for `helm test`: it may reach SpiceDB and nothing else, and reads only, unless told to write."""

from __future__ import annotations

from typing import Any

from tests.project import production, refused, rendered

TLS = {"tests__enabled": True, "tests__check": "blog/post#view@blog/user", "tests__caSecretName": "grpc-ca"}
LABELS = {
    "app.kubernetes.io/name": "spicedb",
    "app.kubernetes.io/instance": "spicedb",
    "app.kubernetes.io/component": "test",
}


def _checks(objects: dict[str, Any]) -> list[list[str]]:
    return [container["args"] for container in objects["Pod/spicedb-test"]["spec"]["containers"]]


def test_it_asks_for_eight_resources_and_verifies_whom_it_asks() -> None:
    objects = rendered(production(**TLS))
    checks = _checks(objects)
    assert checks[0] == [
        "permission",
        "check",
        "blog/post:helm-test-1-1",
        "view",
        "blog/user:helm-test",
        "--endpoint=spicedb.authorization.svc:50051",
        "--certificate-path=/etc/spicedb/tls/test/ca.crt",
        "--max-retries=0",
        "--skip-version-check",
    ]
    assert len({check[2] for check in checks}) == 8
    (volume,) = objects["Pod/spicedb-test"]["spec"]["volumes"]
    assert (volume["secret"]["secretName"], volume["secret"]["items"]) == (
        "grpc-ca",
        [{"key": "ca.crt", "path": "ca.crt"}],
    )


def test_it_speaks_plaintext_only_where_grpc_does() -> None:
    objects = rendered({"tests": {"enabled": True, "check": "document#view@user"}})
    assert all("--insecure" in check for check in _checks(objects))
    assert "volumes" not in objects["Pod/spicedb-test"]["spec"]


def test_it_reaches_names_and_grpc_only_and_is_let_in() -> None:
    objects = rendered(production(**TLS, networkPolicy__clients=[]))
    policy = objects["NetworkPolicy/spicedb-test"]["spec"]
    assert (policy["podSelector"], "ingress" in policy) == ({"matchLabels": LABELS}, False)
    assert [[port["port"] for port in rule["ports"]] for rule in policy["egress"]] == [[53, 5353, 53, 5353], [50051]]
    rules = objects["NetworkPolicy/spicedb"]["spec"]["ingress"]
    assert {"from": [{"podSelector": {"matchLabels": LABELS}}], "ports": [{"protocol": "TCP", "port": 50051}]} in rules
    assert LABELS.items() <= objects["Pod/spicedb-test"]["metadata"]["labels"].items()


def test_no_service_and_no_budget_takes_it_for_a_server() -> None:
    objects = rendered(production(**TLS))
    labels = objects["Pod/spicedb-test"]["metadata"]["labels"].items()
    assert not objects["Service/spicedb"]["spec"]["selector"].items() <= labels
    assert not objects["PodDisruptionBudget/spicedb"]["spec"]["selector"]["matchLabels"].items() <= labels


def test_it_is_a_hook_and_off_by_default() -> None:
    annotations = rendered(production(**TLS))["Pod/spicedb-test"]["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] == "test"
    assert [key for key in rendered(production()) if key.endswith("-test")] == []


def test_it_does_not_send_the_key_to_just_anybody() -> None:
    assert refused(production(**TLS | {"tests__caSecretName": ""})) == ["tests-need-a-ca"]
    assert refused(production(tests__caSecretName="ca")) == ["tests-ca-needs-tls"]
    assert refused({"tests": {"enabled": True}}) == ["tests-need-a-check"]


def test_it_reads_the_key_under_the_name_that_the_server_reads_it() -> None:
    objects = rendered(production(**TLS, existingSecretKeys={"presharedKey": "token"}))
    containers = objects["Pod/spicedb-test"]["spec"]["containers"]
    assert {container["env"][0]["valueFrom"]["secretKeyRef"]["key"] for container in containers} == {"token"}


def test_it_writes_eight_relationships_asks_for_them_and_takes_them_back() -> None:
    objects = rendered(production(**TLS, tests__writeRelation="reader"))
    test, cleanup = objects["Pod/spicedb-test"], objects["Pod/spicedb-test-cleanup"]
    calls = {
        "touch": [container["args"] for container in test["spec"]["initContainers"]],
        "check": [container["args"] for container in test["spec"]["containers"]],
        "delete": [container["args"] for container in cleanup["spec"]["containers"]],
    }
    resources = [f"blog/post:helm-test-1-{number}" for number in range(1, 9)]
    for call, arguments in calls.items():
        assert [words[1:3] for words in arguments] == [[call, resource] for resource in resources]
    assert {tuple(words[3:5]) for words in calls["touch"] + calls["delete"]} == {("reader", "blog/user:helm-test")}
    assert all(words[-2:] == ["--consistency-full", "--error-on-no-permission"] for words in calls["check"])
    weights = [pod["metadata"]["annotations"].get("helm.sh/hook-weight", "0") for pod in (test, cleanup)]
    assert weights == ["0", "1"]
    assert LABELS.items() <= cleanup["metadata"]["labels"].items()


def test_it_writes_no_schema_and_nothing_where_spicedb_refuses() -> None:
    assert "schema" not in str(rendered(production(**TLS, tests__writeRelation="reader"))["Pod/spicedb-test"])
    values = production(**TLS, tests__writeRelation="reader", config__datastore__readOnly=True)
    assert refused(values) == ["tests-write-where-spicedb-does"]
    assert refused(production(tests__writeRelation="reader")) == ["test-settings-need-the-test"]
