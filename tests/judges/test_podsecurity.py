"""Our rules say of pods what Kubernetes' own admission code says: at both levels, at every version."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from compliance.engines.rego import RegoEngine, parameters_for
from compliance.pipeline import kubernetes_versions
from tests.examples import examples, materialised
from tests.judges.pods import OLDEST, drawn, fixtures
from tests.judges.programs import json_lines, renderings, run
from tests.place import ROOT
from tests.project import policies

LEVELS = ("baseline", "restricted")
WORKLOADS = ("Deployment", "StatefulSet", "Job", "Pod")
DRAWN, SEED = 600, 1
BATCH = 20

Pods = Mapping[str, Mapping[str, Any]]
# By pod, version ("1.25") and level: whether it is let through, and what was said.
Verdicts = dict[tuple[str, str, str], tuple[bool, object]]


@cache
def checks() -> tuple[dict[str, Any], ...]:
    """The checks of the pinned module, as the judge prints them."""
    return tuple(json.loads(line) for line in run("podsecurity", "-checks").stdout.splitlines())


def versions() -> list[str]:
    """From 1.25 to the newest that the fixtures are for."""
    newest = max(int(name.split("/")[1].removeprefix("v1.")) for name in fixtures())
    return [f"1.{minor}" for minor in range(OLDEST, newest + 1)]


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def in_force(level: str, version: str) -> set[str]:
    """The checks of a level at a version, as "<level>/<id>": its own, and those of baseline that none overrides."""
    of_level = [check for check in checks() if check["level"] in ("baseline", level)]
    forms = {}
    for check in of_level:
        begun = [form for form in check["since"] if _minor(form["version"]) <= _minor(version)]
        if begun:
            forms[check["id"]] = (check["level"], begun[-1]["overrides"])
    overridden = {id_ for _, overrides in forms.values() for id_ in overrides}
    return {f"{own}/{id_}" for id_, (own, _) in forms.items() if id_ not in overridden}


@cache
def _engine() -> RegoEngine:
    speaking = tuple(rule for rule in policies().rules if rule.pod_security)
    return RegoEngine(dataclasses.replace(policies(), rules=speaking))


def ours(pods: Pods, asked: Iterable[str]) -> Verdicts:
    """A level lets a pod through if every rule that speaks for one of its checks looked and none fails."""
    verdicts: Verdicts = {}
    rules = {check: rule.id for rule in _engine().rules for check in rule.pod_security}
    for version in asked:
        of_level = {level: {rules[check] for check in in_force(level, version)} for level in LEVELS}
        for batch in _batches(pods):
            looked, fell = _observed([pod for _, pod in batch], version)
            for index, (name, _) in enumerate(batch):
                assert looked[index] == set(rules.values()), name
                for level in LEVELS:
                    failing = fell[index] & of_level[level]
                    verdicts[name, version, level] = (not failing, sorted(failing))
    return verdicts


def _batches(pods: Pods) -> Iterable[list[tuple[str, Mapping[str, Any]]]]:
    items = list(pods.items())
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _observed(pods: list[Mapping[str, Any]], version: str) -> tuple[list[set[str]], list[set[str]]]:
    """For each pod the rules that looked at it, and those that failed; asked of many at once, as that is faster."""
    named = [{**pod, "metadata": pod.get("metadata", {}) | {"name": str(index)}} for index, pod in enumerate(pods)]
    found = _engine().evaluate(json.dumps({"resources": named, "parameters": parameters_for(version)}))
    looked: list[set[str]] = [set() for _ in pods]
    fell: list[set[str]] = [set() for _ in pods]
    for rule, observations in found.items():
        for observation in observations:
            index = int(observation["subject"].rpartition("/")[2])
            looked[index].add(rule)
            if not observation["holds"]:
                fell[index].add(rule)
    return looked, fell


def theirs(pods: Pods, asked: Iterable[str]) -> Verdicts:
    """What the judge says of the same."""
    lines = json_lines({"id": name, "object": pod} for name, pod in pods.items())
    verdicts: Verdicts = {}
    for level in LEVELS:
        done = run("podsecurity", "-level", level, "-versions", ",".join(asked), stdin=lines)
        assert done.returncode == 0, done.stderr
        for answer in map(json.loads, done.stdout.splitlines()):
            verdicts[answer["id"], answer["version"], level] = (answer["allowed"], answer["reasons"])
    assert len(verdicts) == len(pods) * len(list(asked)) * len(LEVELS)
    return verdicts


def differences(pods: Pods, asked: list[str]) -> dict[object, object]:
    """Where the two differ, with what each said."""
    a, b = ours(pods, asked), theirs(pods, asked)
    return {key: (a[key], b[key]) for key in b if a[key][0] != b[key][0]}


def _distinct(pods: Iterable[Mapping[str, Any]]) -> Pods:
    """Each once, whatever it is called."""
    return {
        json.dumps({**pod, "metadata": pod.get("metadata", {}) | {"name": "x"}}, sort_keys=True): pod for pod in pods
    }


def test_every_check_of_kubernetes_has_one_rule_that_speaks_for_it() -> None:
    spoken_for = Counter(check for rule in policies().rules for check in rule.pod_security)
    assert spoken_for == Counter(f"{check['level']}/{check['id']}" for check in checks())


def test_the_newest_version_that_the_rules_know_is_the_module_s() -> None:
    assert policies().data["parameters"]["kubernetes_version"] == versions()[-1]


def test_the_documented_counts_are_these() -> None:
    assert len(fixtures()) > 1500
    text = " ".join((ROOT / "policies/README.md").read_text().split())
    assert f"one of the {len(fixtures()):,} pods that Kubernetes tests it with, {DRAWN} drawn at random" in text


def test_the_rules_say_of_every_fixture_of_kubernetes_what_its_folder_says() -> None:
    wrong = []
    for version in versions():
        own = {name: pod for name, pod in fixtures().items() if name.split("/")[1] == f"v{version}"}
        verdicts = ours(own, [version])
        for name in own:
            level, _, expected, _ = name.split("/")
            if verdicts[name, version, level][0] != (expected == "pass"):
                wrong.append(name)
    assert wrong == []


def test_the_rules_agree_on_every_fixture_at_both_levels_and_every_version() -> None:
    assert differences(_distinct(fixtures().values()), versions()) == {}


def test_the_rules_agree_on_pods_drawn_at_random() -> None:
    pods = {pod["metadata"]["name"]: pod for pod in drawn(DRAWN, SEED)}
    assert differences(pods, versions()) == {}
    let_through = Counter(allowed for allowed, _ in theirs(pods, versions()).values())
    assert min(let_through.values()) > sum(let_through.values()) / 10, "the pods drawn are all of one kind"


def test_the_rules_agree_on_every_pod_of_every_row_and_every_example() -> None:
    objects = [dict(o.data) for rendering in renderings() for o in rendering.objects]
    objects += [o for example in examples() for o in materialised(example)]
    workloads = _distinct(o for o in objects if o["kind"] in WORKLOADS)
    assert {o["kind"] for o in workloads.values()} >= {"Deployment", "StatefulSet", "Job"}
    assert differences(workloads, versions()) == {}


def test_every_pod_is_admitted_at_restricted() -> None:
    objects = {o.digest: o for rendering in renderings() for o in rendering.objects}
    lines = json_lines({"id": digest, "object": dict(o.data)} for digest, o in sorted(objects.items()))
    done = run("podsecurity", "-level", "restricted", "-versions", ",".join(kubernetes_versions()), stdin=lines)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    workloads = {digest for digest, o in objects.items() if o.kind in WORKLOADS}
    assert {answer["id"] for answer in answers if answer.get("pods") is not False} == workloads
    verdicts = [answer for answer in answers if "allowed" in answer]
    assert len(verdicts) == len(workloads) * len(kubernetes_versions())
    assert [verdict for verdict in verdicts if not verdict["allowed"]] == []


def test_a_pod_without_its_security_context_is_not_admitted() -> None:
    deployment = next(o for o in renderings()[0].objects if o.kind == "Deployment")
    broken = json.loads(deployment.json)
    del broken["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
    del broken["spec"]["template"]["spec"]["containers"][0]["securityContext"]["runAsNonRoot"]
    (verdict,) = (
        verdict for key, verdict in theirs({"x": broken}, ["1.34"]).items() if key == ("x", "1.34", "restricted")
    )
    assert verdict[0] is False
    assert "runAsNonRoot" in str(verdict[1])


def test_the_judge_agrees_with_every_fixture_of_kubernetes() -> None:
    command = ["go", "test", "-count=1", "./..."]
    done = subprocess.run(command, cwd=ROOT / "tests/judges/podsecurity", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
