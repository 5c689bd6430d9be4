"""The project's own claims, over its whole values space, for the oldest and the newest Kubernetes.

`make compliance` adds the versions between them, and random draws.
"""

from __future__ import annotations

from functools import cache

from compliance import pipeline
from compliance.model import Effect, Evidence, OriginKind, Run, Status, Verdict
from compliance.pipeline import kubernetes_versions
from tests.project import request


@cache
def run() -> Run:
    versions = kubernetes_versions()
    return pipeline.run(request(kubernetes=(versions[0], versions[-1])), lambda *_: None)


def _evidence(framework: str, control: str, profile: str) -> Evidence:
    (found,) = (
        e for e in run().evidence if (e.control.framework, e.control.id, e.profile) == (framework, control, profile)
    )
    return found


def test_every_gate_holds() -> None:
    assert [(gate.name, gate.detail) for gate in run().gates if not gate.holds] == []


def test_hundreds_of_configurations_are_rendered_and_none_fails() -> None:
    totals = run().totals
    assert totals.failed == 0
    assert totals.generated == totals.refused + totals.rendered
    assert totals.rendered > 300


def test_every_feasible_pair_is_covered_under_each_profile() -> None:
    assert [(c.profile, c.covered == c.total > 5000) for c in run().coverage] == [
        ("development", True),
        ("production", True),
    ]


def test_severe_rules_hold_in_every_production_rendering() -> None:
    severe = {rule.id for rule in run().rules if rule.severity.is_gate}
    assert len(severe) > 15
    assert [t.rule for t in run().tallies if t.profile == "production" and t.rule in severe and t.fails] == []


def test_every_key_that_breaks_a_production_control_is_known() -> None:
    """What production still lets a user choose, and which controls that costs: a change here needs a reason."""
    breaking = {
        (e.control.id, key.key)
        for e in run().evidence
        if e.profile == "production" and e.status in (Status.PARTLY, Status.NOT_SUPPORTED)
        for key in e.keys
        if key.effect in (Effect.BREAKS, Effect.MENDS)
    }
    assert breaking == {
        ("1.4.2", "service.type"),  # NodePort has no source ranges
        ("CC6.6", "service.type"),
        ("CC6.8", "image.digest"),  # only the user knows which digest she reviewed
        ("A1.2", "topologySpread.zone"),  # a cluster may have one zone
    }


def test_plaintext_costs_data_in_motion_in_development_and_is_refused_in_production() -> None:
    development = {(key.key, key.effect) for key in _evidence("soc2", "CC6.7", "development").keys}
    production = {(key.key, key.effect) for key in _evidence("soc2", "CC6.7", "production").keys}
    keys = ("config.tls.enabled", "config.tls.grpc.enabled")
    assert [(key, Effect.BREAKS) in development for key in keys] == [True, True]
    assert [(key, Effect.REFUSED) in production for key in keys] == [True, True]
    assert _evidence("soc2", "CC6.7", "production").status is Status.SUPPORTED
    assert _evidence("soc2", "CC6.7", "development").status is Status.PARTLY


def test_the_defaults_are_the_smallest_counterexample_of_the_memory_engine() -> None:
    example = _evidence("soc2", "A1.2", "development").counterexample
    assert example is not None
    assert (example.flags, "datastore.persistent_engine" in example.rules) == ((), True)


def test_every_rule_finds_something_to_look_at_in_a_covering_row() -> None:
    rows = [r for r in run().cases if r.case.origin.kind is OriginKind.COVERING and r.outcome == "rendered"]
    silent = [
        rule.id
        for number, rule in enumerate(run().rules)
        if all(row.verdicts[number] is Verdict.NOT_EXERCISED for row in rows)
    ]
    assert len(rows) > 100
    assert silent == []
