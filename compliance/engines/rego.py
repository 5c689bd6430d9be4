"""The Rego rules, evaluated in process by regorus. conftest and OPA judge it: tests/judges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import regorus

from compliance.engines import Judgement
from compliance.errors import IncompleteRunError, InputError
from compliance.model import Observation, Rendering
from compliance.policies import Policies
from compliance.values import canonical_json

AGGREGATE = "compliance_observations"
_FIELDS = {"subject", "path", "value", "expected", "holds", "message"}


class RegoEngine:
    """All rules over a whole rendering at once; equal renderings are judged once."""

    name = "rego"

    def __init__(self, policies: Policies) -> None:
        self._engine = regorus.Engine()
        self._out_of_scope = frozenset(policies.data.get("out_of_scope", {}))
        self.rules = policies.rules
        self._ids = tuple(rule.id for rule in policies.rules)
        for name, text in policies.modules.items():
            if not name.endswith("_test.rego"):
                _add(self._engine, name, text)
        _add(self._engine, f"{AGGREGATE}.rego", aggregate(self._ids))
        self._engine.add_data_json(json.dumps(policies.data))
        self._observations = lru_cache(maxsize=1024)(self._observations_uncached)

    @property
    def version(self) -> str:
        return f"regorus (gordon-to-regorus {version('gordon-to-regorus')})"

    def judge(self, rendering: Rendering) -> Judgement:
        observations = self._observations(tuple(o.json for o in rendering.objects), rendering.case.kubernetes)
        subjects = {observation.subject for observation in observations}
        unseen = [o for o in rendering.objects if o.id not in subjects]
        for unseen_object in unseen:
            if unseen_object.kind not in self._out_of_scope:
                raise IncompleteRunError(
                    f"no rule looked at {unseen_object.id} (from {unseen_object.source}); write a rule for its kind "
                    "or list the kind, with a reason, under 'out_of_scope' in policies/data.yaml"
                )
        if strays := subjects - {o.id for o in rendering.objects}:
            raise IncompleteRunError(f"observations of objects that are not in the rendering: {sorted(strays)}")
        return Judgement(observations, len(rendering.objects) - len(unseen), len(unseen))

    def evaluate(self, document: str) -> dict[str, list[dict[str, Any]]]:
        """What each rule makes of an input document, given as JSON: observations as Rego wrote them, by rule."""
        self._engine.set_input_json(document)
        try:
            results: dict[str, list[dict[str, Any]]] = json.loads(
                self._engine.eval_rule_as_json(f"data.{AGGREGATE}.result")
            )
        except RuntimeError as error:
            raise IncompleteRunError(f"the Rego rules could not be evaluated: {_first_line(error)}") from error
        if set(results) != set(self._ids):
            raise IncompleteRunError(f"rules gave no result at all: {sorted(set(self._ids) - set(results))}")
        return results

    def _observations_uncached(self, objects: tuple[str, ...], kubernetes: str) -> tuple[Observation, ...]:
        parameters = canonical_json(parameters_for(kubernetes))
        return tuple(_observations(self.evaluate(f'{{"resources":[{",".join(objects)}],"parameters":{parameters}}}')))


def parameters_for(kubernetes: str) -> Mapping[str, str]:
    """The parameters of an input that this program knows; all others come from policies/data.yaml."""
    return {"kubernetes_version": kubernetes}


def _add(engine: regorus.Engine, name: str, text: str) -> None:
    try:
        engine.add_policy(name, text)
    except RuntimeError as error:
        raise InputError(f"policies/{name} does not compile: {_words(error)}") from error


def aggregate(rules: Iterable[str]) -> str:
    """A module that asks for all observations at once, so that what the library computes is computed once."""
    entries = ",\n".join(f'\t"{rule}": data.{rule}.observations' for rule in rules)
    return f"package {AGGREGATE}\n\nimport rego.v1\n\nresult := {{\n{entries}\n}}\n"


def _observations(results: Mapping[str, Any]) -> Iterable[Observation]:
    for rule, found in sorted(results.items()):
        for fields in found:
            if set(fields) != _FIELDS or not isinstance(fields["holds"], bool):
                raise IncompleteRunError(f"the rule {rule} made an observation without the fields {sorted(_FIELDS)}")
            yield Observation(rule=rule, **fields)


def _first_line(error: Exception) -> str:
    return _words(error).splitlines()[0] if _words(error) else str(error)


def _words(error: Exception) -> str:
    """Regorus prints a stack trace after its message; users need only the message."""
    return str(error).partition("Stack backtrace:")[0].strip()
