from __future__ import annotations

from typing import Any

import pytest
from checkov.common.models.enums import CheckResult

from compliance.engines.checkov import CheckovEngine, asked_checks, known_checks, reason_not_asked
from compliance.engines.kubernetes_schema import KubernetesSchemaEngine, versions
from compliance.errors import IncompleteRunError
from compliance.model import Case, KubernetesObject, Observation, Origin, OriginKind, Rendering


def _rendering(*objects: dict[str, Any], kubernetes: str = "1.34") -> Rendering:
    case = Case({}, kubernetes, "development", Origin(OriginKind.USER, "test"))
    found = tuple(KubernetesObject(o, "templates/x.yaml", "") for o in objects)
    return Rendering(case, found, "", len(found))


def _pod(**container: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "n"},
        "spec": {"containers": [{"name": "c", "image": "x:1", **container}]},
    }


def _of(observations: tuple[Observation, ...], rule: str) -> Observation:
    (found,) = (o for o in observations if o.rule == rule)
    return found


def test_versions_start_at_the_chart_s_floor_in_order() -> None:
    assert versions()[:3] == ("1.27", "1.28", "1.29")
    assert versions()[-1] >= "1.37"


def test_a_valid_object_holds_and_a_misspelled_field_fails_with_its_path() -> None:
    good, bad = _pod(), _pod(imagePullPolice="Always")
    bad["metadata"] = {"name": "q", "namespace": "n"}
    holds, fails = KubernetesSchemaEngine().judge(_rendering(good, bad)).observations
    assert holds.holds
    assert (fails.subject, fails.path, fails.holds) == ("v1/Pod/n/q", "spec.containers[0]", False)
    assert "imagePullPolice" in fails.message


def test_a_field_is_judged_by_the_version_that_was_rendered_for() -> None:
    sleeping = _pod(lifecycle={"preStop": {"sleep": {"seconds": 5}}})
    engine = KubernetesSchemaEngine()
    verdicts = {
        version: engine.judge(_rendering(sleeping, kubernetes=version)).observations[0] for version in versions()
    }
    assert [version for version, o in verdicts.items() if not o.holds] == ["1.27", "1.28"]


def test_a_kind_without_a_schema_fails() -> None:
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "t"}}
    (observation,) = KubernetesSchemaEngine().judge(_rendering(thing)).observations
    assert (observation.holds, observation.value) == (False, "no schema known")


def _monitor(**spec: Any) -> dict[str, Any]:
    metadata = {"name": "m", "namespace": "n"}
    spec = {"selector": {}, "endpoints": [{"port": "metrics"}], **spec}
    return {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (_monitor(endpoints=[{"prot": "metrics"}]), "spec.endpoints[0]"),
        (_monitor(endpoints=[{"port": "metrics", "interval": "often"}]), "spec.endpoints[0].interval"),
        (_monitor() | {"metadata": {"name": "m", "lables": {}}}, "metadata"),
        (_monitor() | {"spec": {"endpoints": []}}, "spec"),
    ],
)
def test_custom_kinds_are_judged_by_their_project_s_schema(wrong: dict[str, Any], path: str) -> None:
    engine = KubernetesSchemaEngine()
    assert engine.judge(_rendering(_monitor())).observations[0].holds
    (observation,) = engine.judge(_rendering(wrong)).observations
    assert (observation.path, observation.holds) == (path, False)


def test_checkov_s_passes_and_failures_are_observations() -> None:
    judgement = CheckovEngine().judge(_rendering(_pod(securityContext={"privileged": True})))
    failed = _of(judgement.observations, "checkov.CKV_K8S_16")
    passed = _of(judgement.observations, "checkov.CKV_K8S_14")
    assert (failed.subject, failed.holds, failed.path) == (
        "v1/Pod/n/p",
        False,
        "spec.containers[0].securityContext.privileged",
    )
    assert (passed.holds, passed.value) == (True, "PASSED")


def test_kinds_that_checkov_has_no_check_for_are_counted_as_out_of_scope() -> None:
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "n"}, "spec": {}}
    judgement = CheckovEngine().judge(_rendering(_pod(), policy))
    assert (judgement.looked_at, judgement.out_of_scope) == (1, 1)


def test_a_checkov_that_drops_an_object_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CheckovEngine()
    for check in engine._checks["Pod"]:
        monkeypatch.setattr(check, "run", lambda **_: {"result": CheckResult.UNKNOWN})
    with pytest.raises(IncompleteRunError, match="checkov gave no result for v1/Pod/n/p"):
        engine.judge(_rendering(_pod()))


def test_a_check_that_raises_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object, **__: object) -> None:
        raise ValueError("no")

    engine = CheckovEngine()
    for check in engine._checks["Pod"]:
        monkeypatch.setattr(check, "run", explode)
    with pytest.raises(IncompleteRunError, match=r"checkov could not judge v1/Pod/n/p by CKV_K8S_\d+: ValueError"):
        engine.judge(_rendering(_pod()))


def test_every_check_that_checkov_knows_is_asked_or_has_its_reason() -> None:
    asked = {check.id for check in asked_checks()}
    assert asked <= known_checks()
    assert [check for check in sorted(known_checks() - asked) if reason_not_asked(check) is None] == []
    assert [check for check in sorted(asked) if reason_not_asked(check) is not None] == []


def test_a_check_is_compared_with_a_rule_or_says_why_not() -> None:
    assert [check.id for check in asked_checks() if bool(check.rule) == bool(check.no_rule)] == []
