"""The API server as judge of the whole values space: every covering row, applied by a strict dry run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cluster.kit import admission
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.scenario import long, scenario
from tests.judges.programs import renderings

# How many dry runs the API server is asked for at a time: most of each is waiting.
AT_ONCE = 4
MISTYPED: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mistyped"}, "dta": {}}
UNKNOWN_VALUE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "unknown-value"},
    "spec": {"ports": [{"port": 1}], "sessionAffinity": "Sometimes"},
}
NOT_RESTRICTED: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "not-restricted"},
    "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "x", "image": "x"}]}}},
}


@long
@scenario(
    "admission.rows",
    "A real API server admits every object of every covering row by a strict dry run, without a warning, and Pod "
    "Security `restricted` the pod of each workload",
)
def test_every_row_is_admitted(namespace: Namespace, recorder: Recorder) -> None:
    objects = {o.digest: o for rendering in renderings() for o in rendering.objects}
    documents = [dict(o.data) for _, o in sorted(objects.items())]
    begin = time.monotonic()
    ready = admission.ready(namespace.cluster.api, namespace.name, documents)
    with ready as server, ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(zip(documents, pool.map(server.objections, documents), strict=True))
    objections = [f"{o.kind} {o.name}: {o.said}" for _, found in asked for o in found]
    recorder.time(every_row=time.monotonic() - begin)
    recorder.count(
        rows=len(renderings()),
        objects=sum(len(rendering.objects) for rendering in renderings()),
        distinct_objects=len(documents),
        pods=sum(document["kind"] in (*admission.TEMPLATES, "Pod") for document in documents),
        refused=sum(bool(found) for _, found in asked),
    )
    assert sorted(set(objections)) == []


@scenario(
    "admission.refusals", "The dry run that admits the rows refuses what is mistyped, impossible or not restricted"
)
def test_the_dry_run_refuses_what_is_wrong(namespace: Namespace, recorder: Recorder) -> None:
    server = admission.Admission(namespace.cluster.api, namespace.name)
    said = {
        document["metadata"]["name"]: [o.said for o in server.objections(document)]
        for document in (MISTYPED, UNKNOWN_VALUE, NOT_RESTRICTED)
    }
    recorder.count(refused=sum(bool(found) for found in said.values()))
    assert "field not declared in schema" in said["mistyped"][0]
    assert 'Unsupported value: "Sometimes"' in said["unknown-value"][0]
    assert any('violates PodSecurity "restricted:latest"' in line for line in said["not-restricted"])
