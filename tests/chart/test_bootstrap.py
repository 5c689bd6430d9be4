"""Data that the memory engine starts with: mounted and named, and nowhere that it could fail or delete."""

from __future__ import annotations

from tests.project import environment, production, refused, rendered, server

BOOTSTRAP = {"config": {"bootstrap": {"configMapName": "schema"}}}


def test_the_file_lies_where_spicedb_is_told_to_look() -> None:
    objects = rendered(BOOTSTRAP)
    pod = objects["Deployment/spicedb"]["spec"]["template"]["spec"]
    items = [{"key": "bootstrap.yaml", "path": "bootstrap.yaml"}]
    assert pod["volumes"] == [{"name": "bootstrap", "configMap": {"name": "schema", "items": items}}]
    mount = {"name": "bootstrap", "mountPath": "/etc/spicedb/bootstrap", "readOnly": True}
    assert server(objects)["volumeMounts"] == [mount]
    assert environment(server(objects))["SPICEDB_DATASTORE_BOOTSTRAP_FILES"] == "/etc/spicedb/bootstrap/bootstrap.yaml"


def test_nothing_is_ever_overwritten() -> None:
    for values in ({}, BOOTSTRAP):
        assert "SPICEDB_DATASTORE_BOOTSTRAP_OVERWRITE" not in environment(server(rendered(values)))


def test_data_that_outlives_its_pod_is_not_bootstrapped() -> None:
    values = production(config__bootstrap__configMapName="schema")
    assert refused(values) == ["bootstrap-is-for-the-memory-engine"]
