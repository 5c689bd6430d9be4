"""Mistakes are made on copies, each at its place, and counted by the rules that see them."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compliance import cli
from compliance.engines.kubernetes_schema import KubernetesSchemaEngine
from compliance.engines.rego import RegoEngine
from compliance.errors import InputError
from compliance.model import KubernetesObject, Proof, RuleProof
from compliance.mutation import operators, proof, record
from compliance.mutation.bases import Base, look
from compliance.mutation.manifests import at, containers, found, setting, without
from compliance.mutation.mutants import Attempt, Mutant, attempts, judged
from compliance.mutation.operators import Operator
from compliance.mutation.proof import Score
from compliance.policies import Policies, read_policies
from compliance.proofs import stated
from compliance.values import digest
from tests.place import ROOT
from tests.project import chart, frameworks, policies, production, rendering

OPERATORS = {operator.name: operator for operator in operators.discover()}
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "one", "namespace": "here"},
    "spec": {"containers": [{"name": "main", "securityContext": {"privileged": False}}, {"name": "other"}]},
}


@cache
def base() -> Base:
    engines = (RegoEngine(policies()), KubernetesSchemaEngine())
    rendered = rendering(production())
    return Base("the production example", rendered, look(engines, rendered))


def _judged(rules: Policies, *names: str) -> tuple[Mutant, ...]:
    engines = (RegoEngine(rules), KubernetesSchemaEngine())
    return judged(tuple(attempts([base()], [OPERATORS[name] for name in names])), engines, lambda *_: None)


def _score(mutants: tuple[Mutant, ...]) -> Score:
    return Score(
        (), (base(),), (), mutants, (), tuple(proof.survivor(m, frameworks()) for m in mutants if not m.is_killed)
    )


def _proof(**counts: int) -> RuleProof:
    fields = {"held": 0, "failed": 0, "mutants": 0, "killed": 0, "elsewhere": 0, "examples": 0, "examples_fallen": 0}
    unstated = RuleProof("workload.limits", Proof.UNPROVEN, **(fields | counts))
    return stated(unstated, unstated.held, unstated.failed)


def test_a_change_is_made_on_a_copy_at_each_place_that_has_room_for_it() -> None:
    before = json.dumps(POD)
    found_ = list(at(containers, without("securityContext", "privileged"))((POD,)))
    assert [(m.number, m.place) for m in found_] == [(0, "spec.containers[main]")]
    assert found_[0].objects[0]["spec"]["containers"] == [{"name": "main", "securityContext": {}}, {"name": "other"}]
    assert found_[0].objects[0]["metadata"] is POD["metadata"]
    assert json.dumps(POD) == before


def test_a_change_that_changes_nothing_is_no_mutation() -> None:
    made = at(containers, setting(securityContext__privileged=False))((POD,))
    assert [m.place for m in made] == ["spec.containers[other]"]


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda operator: operator.name)
def test_an_operator_leaves_its_input_alone_and_makes_the_same_again(operator: Operator) -> None:
    objects = tuple(o.data for o in base().rendering.objects)
    before = digest(objects)
    first, second = list(operator.mutate(objects)), list(operator.mutate(objects))
    assert first == second
    assert digest(objects) == before
    assert all(m.objects != objects for m in first)


def test_operators_have_names_and_sentences_of_their_own() -> None:
    everyone = operators.discover()
    assert len({o.name for o in everyone}) == len({o.sentence for o in everyone}) == len(everyone) > 100
    assert [o.name for o in everyone if not o.sentence.endswith(".") or not o.rules] == []


def test_an_object_is_dropped_or_added_whole() -> None:
    objects = tuple(o.data for o in base().rendering.objects)
    kinds = sorted(o["kind"] for o in objects)
    (dropped,) = OPERATORS["drop-disruption-budget"].mutate(objects)
    assert sorted([*(o["kind"] for o in dropped.objects), "PodDisruptionBudget"]) == kinds
    (added,) = OPERATORS["budget-twice"].mutate(objects)
    assert sorted(o["kind"] for o in added.objects) == sorted([*kinds, "PodDisruptionBudget"])


def test_a_rule_that_sees_a_mistake_kills_the_mutant() -> None:
    mutants = _judged(policies(), "run-privileged")
    assert [(m.place, m.aimed, m.is_killed) for m in mutants] == [
        ("Deployment/spicedb spec.template.spec.containers[spicedb]", ("workload.not_privileged",), True),
        (mutants[1].place, ("workload.not_privileged",), True),
    ]


def test_a_rule_made_blind_lets_its_mutants_live_and_the_gate_fall() -> None:
    source = "workload/not_privileged/not_privileged.rego"
    seeing = policies().files[source].decode()
    blind = seeing.replace("holds := value in {null, false}", "holds := true")
    assert blind != seeing
    rules = read_policies({**policies().files, source: blind.encode()})
    score = _score(_judged(rules, "run-privileged"))
    assert (score.killed, len(score.survivors)) == (0, 2)
    assert "soc2:CC6.3" in score.survivors[0].controls
    assert next(gate.holds for gate in proof.gates_of(score, 95)) is False


def test_what_fails_already_is_not_aimed_at() -> None:
    assert "supply_chain.image_digest" in base().seen.failing
    aimed = {rule for attempt in attempts([base()], operators.discover()) for rule in attempt.aimed}
    assert "supply_chain.image_digest" not in aimed
    assert "supply_chain.image_tag" in aimed


def test_a_place_that_two_bases_have_is_tried_in_the_first() -> None:
    again = dataclasses.replace(base(), name="again")
    tried: list[Attempt] = list(attempts([base(), again], operators.discover()))
    assert tried
    assert {attempt.base.name for attempt in tried} == {"the production example"}


def test_containers_that_are_alike_are_tried_once() -> None:
    pod = {**POD, "spec": {"containers": [{"name": name, "image": "a"} for name in ("one", "two")] + [{"name": "b"}]}}
    engines = (RegoEngine(policies()), KubernetesSchemaEngine())
    rendered = dataclasses.replace(base().rendering, objects=(KubernetesObject(pod, "pod.yaml", ""),))
    twins = Base("twins", rendered, look(engines, rendered))
    tried = list(attempts([dataclasses.replace(twins, seen=base().seen)], [OPERATORS["run-privileged"]]))
    assert [attempt.place for attempt in tried] == ["Pod/one spec.containers[one]", "Pod/one spec.containers[b]"]


def test_an_operator_without_a_place_is_named() -> None:
    idle = Operator("never", "Do nothing.", ("workload.limits",), lambda _: ())
    score = dataclasses.replace(_score(()), operators=(idle,), proofs=(_proof(held=1),))
    assert score.idle == (idle,)
    assert "1 operators found no place: never" in list(record.lines(score, ()))


def test_a_rule_that_nobody_aims_at_makes_the_gate_fall() -> None:
    score = dataclasses.replace(_score(()), proofs=(_proof(held=1),))
    assert [(gate.holds, gate.detail) for gate in proof.gates_of(score, 0)] == [
        (True, "0 of 0 mutants, 0.00 %"),
        (False, "none was made for workload.limits"),
        (False, "workload.limits is unproven"),
    ]


def test_a_rule_that_no_rendering_exercises_is_named() -> None:
    proofs = (_proof(held=1, mutants=1, killed=1), dataclasses.replace(_proof(), rule="a.b"))
    score = dataclasses.replace(_score(()), proofs=proofs)
    assert [gate.detail for gate in proof.gates_of(score, 0)][1:] == [
        "1 rules; not exercised in any rendering: a.b",
        "1 rules seen to hold and to fall; not exercised in any rendering: a.b",
    ]


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({"held": 1, "killed": 1}, Proof.PROVEN),
        ({"held": 1, "elsewhere": 1}, Proof.PROVEN),
        ({"held": 1, "failed": 1}, Proof.PROVEN),
        ({"killed": 1}, Proof.UNPROVEN),
        ({"held": 1}, Proof.UNPROVEN),
        ({"held": 1, "examples_fallen": 1}, Proof.EXAMPLES),
    ],
)
def test_a_rule_is_proven_that_was_seen_to_hold_and_to_fall(counts: dict[str, int], word: Proof) -> None:
    assert _proof(**counts).proof is word


def _written() -> bytes:
    score = _score(_judged(policies(), "run-privileged"))
    return record.write(score, proof.gates_of(score, 95), chart(), policies())


def test_what_is_written_reads_back_and_is_the_same_each_time() -> None:
    text = _written()
    evidence = record.read(text.decode(), "m.json", chart(), policies())
    assert (evidence.mutants, evidence.killed, evidence.bases, evidence.survivors) == (2, 2, 1, ())
    assert _written() == text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "{", "m.json:1: not JSON"),
        (lambda _: "{}", "not a mutation file"),
        (lambda text: text.replace('"killed": 2', '"killed": 3'), "was changed after it was written"),
    ],
)
def test_a_file_that_is_none_or_was_changed_is_refused(change: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        record.read(change(_written().decode()), "m.json", chart(), policies())


def test_a_file_about_other_rules_is_refused() -> None:
    others = read_policies({**policies().files, "notes.txt": b"other"})
    with pytest.raises(InputError, match="is about other rules"):
        record.read(_written().decode(), "m.json", chart(), others)


def test_the_manifest_of_a_place_can_be_looked_into() -> None:
    assert found(POD, ("spec", "containers", 0, "name")) == "main"
    assert found(POD, ("spec", "containers", 7, "name")) is None


def test_a_run_takes_in_what_became_of_mistakes_and_the_gate_names_what_is_not_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "m.json", tmp_path / "reports"
    file.write_bytes(_written())
    inputs = ["--chart", str(ROOT / "spicedb"), "--policies", str(ROOT / "policies"), "--mutation", str(file)]
    values = str(ROOT / "spicedb/examples/production-postgres.yaml")
    assert cli.main(["run", *inputs, "--values", values, "--out", str(out)]) == 1
    assert "2 of 2 mistakes made on purpose were noticed" in capsys.readouterr().out
    gates = {gate["name"]: gate for gate in json.loads((out / "evidence.json").read_text())["gates"]}
    assert gates["every rule is proven"]["detail"].startswith("availability.autoscaler_measures is not measured, ")
    assert cli.main(["rules", *inputs, "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rules"]) == len(policies().rules) + 1
