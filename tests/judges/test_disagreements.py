"""Every known difference between checkov and the rules can be shown, and there is no other: docs/disagreements.md."""

from __future__ import annotations

import copy
import importlib
import json
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonpatch
import pytest
import yaml

from compliance.agreement import Agreement
from compliance.engines.checkov import Check, CheckovEngine, Difference, asked_checks
from compliance.engines.kubernetes_schema import KubernetesSchemaEngine
from compliance.engines.rego import RegoEngine
from compliance.model import Disagreement, KubernetesObject, Observation, Rendering, Verdict
from compliance.policies import Example
from tests.examples import base, examples, materialised
from tests.judges.programs import renderings
from tests.place import ROOT
from tests.project import case, policies

KNOWN = [(check, difference) for check in asked_checks() for difference in check.differences]


@cache
def _rego() -> RegoEngine:
    return RegoEngine(policies())


@cache
def _checkov() -> CheckovEngine:
    return CheckovEngine()


def _rendering(objects: Iterable[dict[str, Any]]) -> Rendering:
    made = tuple(KubernetesObject(o, "examples", "") for o in objects)
    return Rendering(case({}), made, "", len(made))


def _ours(objects: Sequence[dict[str, Any]]) -> list[Observation]:
    found = _rego().evaluate(json.dumps({"resources": objects, "parameters": {}}))
    return [Observation(rule=rule, **seen) for rule, observations in found.items() for seen in observations]


def _differences(objects: Sequence[dict[str, Any]]) -> tuple[Disagreement, ...]:
    agreement, rendering = Agreement(asked_checks()), _rendering(objects)
    agreement.add(rendering, _ours(objects), _checkov().judge(rendering).observations)
    return agreement.disagreements()


def _shown(difference: Difference) -> list[dict[str, Any]]:
    return materialised(Example("", "", True, difference.shown))


@pytest.mark.parametrize(("check", "difference"), KNOWN, ids=lambda x: x.id if isinstance(x, Check) else x.cause[:40])
def test_each_known_difference_can_be_shown(check: Check, difference: Difference) -> None:
    found = [d for d in _differences(_shown(difference)) if d.check == check.id]
    failing = {d.reason for d in found if (d.ours if difference.fails == "ours" else d.theirs) is Verdict.FAILS}
    assert difference.cause in failing
    assert difference.right in {"ours", "theirs", "both"}


def test_no_difference_is_unexplained_in_any_row_or_any_example() -> None:
    agreement = Agreement(asked_checks())
    for rendering in renderings():
        agreement.add(rendering, _rego().judge(rendering).observations, _checkov().judge(rendering).observations)
    for example in examples():
        objects = materialised(example)
        rendering = _rendering(objects)
        agreement.add(rendering, _ours(objects), _checkov().judge(rendering).observations)
    found = agreement.disagreements()
    assert len(found) > 10
    assert [d for d in found if not d.reason] == []
    # The two say different things of nothing that the chart renders, but for what the rule or the check does not ask.
    assert {d.right for d in found} <= {"ours", "both", ""}


def test_every_object_of_the_examples_is_one_that_a_cluster_takes() -> None:
    schema = KubernetesSchemaEngine()
    judged = [o for e in examples() for o in schema.judge(_rendering(materialised(e))).observations]
    assert len(judged) > 1000
    assert [(o.subject, o.path, o.message) for o in judged if not o.holds] == []


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("workload.not_privileged", "securityContext/privileged", "false"),
        ("workload.no_privilege_escalation", "securityContext/allowPrivilegeEscalation", "false"),
        ("workload.read_only_root_filesystem", "securityContext/readOnlyRootFilesystem", "true"),
        ("workload.drop_all_capabilities", "securityContext/capabilities/drop", "ALL"),
        ("workload.default_capabilities", "securityContext/capabilities/add", "CHOWN"),
        ("workload.run_as_non_root", "securityContext/runAsNonRoot", "true"),
        ("workload.no_root_user", "securityContext/runAsUser", "65532"),
        ("workload.seccomp_profile", "securityContext/seccompProfile", "RuntimeDefault"),
        ("workload.selinux_options", "securityContext/seLinuxOptions", "container_t"),
        ("workload.no_host_ports", "ports/0/hostPort", "0"),
    ],
)
def test_what_a_rule_calls_unreadable_the_schema_refuses(rule: str, path: str, value: object) -> None:
    place = f"/Deployment/spicedb/spec/template/spec/containers/0/{path}"
    objects = materialised(Example("", "", True, [{"op": "add", "path": place, "value": value}]))
    assert rule in {o.rule for o in _ours(objects) if not o.holds}
    refused = [o.subject for o in KubernetesSchemaEngine().judge(_rendering(objects)).observations if not o.holds]
    assert refused == ["apps/v1/Deployment/authz/spicedb"]


# What checkov's own program gets wrong, with the program itself.


@cache
def _program() -> tuple[Callable[[], Any], Callable[..., Any]]:
    """checkov's runner and its filter. Their import warns of what checkov's own libraries deprecate."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runner = importlib.import_module("checkov.kubernetes.runner").Runner
        return runner, importlib.import_module("checkov.runner_filter").RunnerFilter


def _run(folder: Path, runner: Any = None, check: str = "CKV2_K8S_6") -> Any:
    make, choose = _program()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chosen = choose(framework=["kubernetes"], checks=[check])
        report = (runner or make()).run(root_folder=str(folder), runner_filter=chosen)
    return report[0] if isinstance(report, list) else report


def _write(folder: Path, name: str, objects: Iterable[object]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(yaml.safe_dump_all(list(objects)))
    return folder


POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "app", "namespace": "here", "labels": {"app": "app"}},
    "spec": {"containers": [{"name": "main", "image": "example.com/a:1"}]},
}
POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "app", "namespace": "here"},
    "spec": {
        "podSelector": {"matchLabels": {"app": "app"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [],
        "egress": [],
    },
}


def _policy(*patch: dict[str, object]) -> dict[str, Any]:
    changed: dict[str, Any] = jsonpatch.apply_patch(copy.deepcopy(POLICY), list(patch))
    return changed


def _fallen(objects: Sequence[dict[str, Any]]) -> set[str]:
    return {o.rule for o in _ours(objects) if not o.holds and o.rule.startswith("network.")}


ELSEWHERE = {"op": "replace", "path": "/metadata/namespace", "value": "elsewhere"}
SELECTS_NOTHING = {
    "op": "replace",
    "path": "/spec/podSelector",
    "value": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["other"]}]},
}


@pytest.mark.parametrize(
    ("patch", "rule"),
    [
        ([ELSEWHERE], "network.pods_selected"),
        ([SELECTS_NOTHING], "network.pods_selected"),
        ([{"op": "replace", "path": "/spec/policyTypes", "value": ["Ingress"]}], "network.pods_selected"),
        ([{"op": "replace", "path": "/spec/ingress", "value": [{}]}], "network.deny_by_default"),
    ],
    ids=["another namespace", "matchExpressions that select nothing", "ingress only", "allows all"],
)
def test_its_network_check_passes_pods_that_no_policy_governs(
    tmp_path: Path, patch: list[dict[str, object]], rule: str
) -> None:
    objects = [POD, _policy(*patch)]
    report = _run(_write(tmp_path / "x", "a.yaml", objects))
    assert (len(report.passed_checks), len(report.failed_checks)) == (1, 0)
    assert rule in _fallen(objects)
    assert rule not in _fallen([POD, POLICY])


def test_its_network_check_says_nothing_of_cron_jobs(tmp_path: Path) -> None:
    template = {"metadata": {"labels": {"app": "app"}}, "spec": POD["spec"]}
    cron_job = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "app", "namespace": "here"},
        "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}},
    }
    report = _run(_write(tmp_path / "x", "a.yaml", [cron_job]))
    assert (report.passed_checks, report.failed_checks) == ([], [])
    assert "network.pods_selected" in _fallen([cron_job])


def test_a_policy_of_one_rendering_vouches_for_the_pod_of_another(tmp_path: Path) -> None:
    alone = _run(_write(tmp_path / "alone", "a.yaml", [POD]))
    _write(tmp_path / "both", "a.yaml", [POD])
    together = _run(_write(tmp_path / "both", "b.yaml", [POLICY]))
    assert (len(alone.failed_checks), len(together.failed_checks)) == (1, 0)
    assert "network.pods_selected" in _fallen([POD])


def test_a_runner_gives_its_first_run_s_answer_again(tmp_path: Path) -> None:
    runner = _program()[0]()
    first = _run(_write(tmp_path / "first", "a.yaml", [POD]), runner, "CKV_K8S_16")
    other = {**POD, "metadata": {"name": "other", "namespace": "here"}}
    second = _run(_write(tmp_path / "second", "a.yaml", [other]), runner, "CKV_K8S_16")
    assert {r.resource for r in first.passed_checks} <= {r.resource for r in second.passed_checks}


def test_a_file_that_it_cannot_read_is_left_out_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(POD) + "data:\n  key: =\n")
    report = _run(tmp_path, check="CKV_K8S_16")
    assert (report.passed_checks, report.failed_checks, report.parsing_errors) == ([], [], [])


def test_an_equals_sign_in_a_skip_s_comment_ends_its_run(tmp_path: Path) -> None:
    skipping = copy.deepcopy(POD)
    skipping["metadata"]["annotations"] = {"checkov.io/skip1": "CKV_K8S_16=as a=b"}  # type: ignore[index]
    with pytest.raises(ValueError, match="too many values to unpack"):
        _run(_write(tmp_path / "x", "a.yaml", [skipping]), check="CKV_K8S_16")
    skipping["spec"]["containers"][0]["securityContext"] = {"privileged": True}  # type: ignore[index]
    assert "workload.not_privileged" in {o.rule for o in _ours([skipping]) if not o.holds}


def test_it_sees_no_ephemeral_containers() -> None:
    debugged = copy.deepcopy(POD)
    debugged["spec"]["ephemeralContainers"] = [{"name": "debug", "securityContext": {"privileged": True}}]  # type: ignore[index]
    theirs = _checkov().judge(_rendering([debugged])).observations
    assert [o.holds for o in theirs if o.rule == "checkov.CKV_K8S_16"] == [True]
    assert "workload.not_privileged" in {o.rule for o in _ours([debugged]) if not o.holds}


def test_the_page_names_tests_that_are_here() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/disagreements.md").read_text()))
    here: dict[str, Callable[..., object]] = {
        n: f for n, f in globals().items() if n.startswith("test_") and callable(f)
    }
    traps = {name for name in here if re.match(r"test_(its|a_|an_|it_)", name)}
    assert named == traps


def test_the_base_shows_no_difference_but_secrets_as_variables() -> None:
    assert {d.check for d in _differences(list(base()))} == {"CKV_K8S_35"}
