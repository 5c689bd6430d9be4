"""What operators tune of dispatch."""

from __future__ import annotations

from tests.project import environment, production, refused, rendered, server


def test_timeout_and_depth_are_spicedb_s_own_unless_set() -> None:
    names = ("SPICEDB_DISPATCH_UPSTREAM_TIMEOUT", "SPICEDB_DISPATCH_MAX_DEPTH")
    tuned = production(config__dispatch__upstreamTimeoutSeconds=10, config__dispatch__maxDepth=100)
    found = [[environment(server(rendered(values))).get(name) for name in names] for values in (production(), tuned)]
    assert found == [[None, None], ["10s", "100"]]


def test_depth_counts_within_one_pod_too_and_the_timeout_does_not() -> None:
    settings = environment(server(rendered({"config": {"dispatch": {"maxDepth": 100}}})))
    assert settings["SPICEDB_DISPATCH_MAX_DEPTH"] == "100"
    assert refused({"config": {"dispatch": {"upstreamTimeoutSeconds": 10}}}) == ["dispatch-timeout-needs-dispatch"]
