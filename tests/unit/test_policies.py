from __future__ import annotations

import pytest

from compliance.engines.rego import RegoEngine
from compliance.errors import IncompleteRunError, InputError
from compliance.model import Observation, Severity
from compliance.policies import read_policies
from tests.rules import EXAMPLES, OBSERVES_MAPS, policy_files, render_tiny


def test_a_rule_is_its_folder_its_package_and_its_metadata() -> None:
    (rule,) = read_policies(policy_files()).rules
    assert (rule.id, rule.severity, rule.kinds, rule.source) == (
        "secrets.maps",
        Severity.HIGH,
        ("ConfigMap",),
        "secrets/maps/maps.rego",
    )
    assert rule.description == "Maps say tls. Because."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"secrets/maps/maps.rego": None}, "no rule found"),
        ({"secrets/maps/maps.rego": "package secrets.map\n"}, "the package must be 'secrets.maps'"),
        ({"secrets/maps/maps.rego": "package secrets.maps\n"}, "needs a '# METADATA' comment"),
        ({"secrets/maps/maps.rego": OBSERVES_MAPS.replace("high", "huge")}, "severity 'huge' is none of critical"),
        ({"secrets/maps/maps.rego": OBSERVES_MAPS.replace("#   kinds", "#   sorts")}, "must have exactly"),
        ({"secrets/maps/maps.rego": OBSERVES_MAPS.replace("# title: Maps", "# name: Maps")}, "METADATA needs a title"),
        (
            {"secrets/maps/maps.rego": OBSERVES_MAPS.replace("[]", "[]\n#   pod_security: [high/maps]")},
            "pod_security 'high/maps' is no <level>/<check> such as baseline/privileged",
        ),
        ({"secrets/maps/maps.rego": OBSERVES_MAPS.replace("[]", "[limit]")}, "'limit', which data.yaml does not have"),
        ({"secrets/maps/examples.yaml": None}, "secrets/maps/maps.rego: has no examples"),
        ({"secrets/maps/examples.yaml": "bad: []\ngood: []\n"}, "needs at least one example under 'bad'"),
        (
            {"secrets/maps/examples.yaml": "bad: [{name: x}]\n"},
            "each example has a name and a patch, a bad one a remedy, and perhaps also",
        ),
        (
            {"secrets/maps/examples.yaml": EXAMPLES.replace("remedy: [], ", "")},
            "each example has a name and a patch, a bad one a remedy, and perhaps also",
        ),
        (
            {"secrets/maps/examples.yaml": EXAMPLES.replace("tls, patch", "tls, remedy: [], patch")},
            "each example has a name and a patch, a bad one a remedy, and perhaps also",
        ),
        ({"data.yaml": "a: 1\na: 2\n"}, "data.yaml:2: not valid YAML: the key 'a' is written twice"),
    ],
)
def test_an_incomplete_rule_is_bad_input(changes: dict[str, str | None], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_policies(policy_files(changes))


def test_rego_that_does_not_compile_is_bad_input_with_file_and_line() -> None:
    broken = OBSERVES_MAPS + "\nallow if {\n"
    with pytest.raises(InputError, match=r"(?s)policies/secrets/maps/maps.rego does not compile: .*maps.rego:\d+"):
        RegoEngine(read_policies(policy_files({"secrets/maps/maps.rego": broken})))


def test_passes_and_failures_are_observations() -> None:
    engine = RegoEngine(read_policies(policy_files()))
    assert engine.judge(render_tiny()).observations == (
        Observation("secrets.maps", "v1/ConfigMap//web", "data.tls", "false", "true", False, "tls is false"),
    )
    assert [o.holds for o in engine.judge(render_tiny(tls=True)).observations] == [True]


def test_an_object_that_no_rule_looks_at_ends_the_run() -> None:
    blind = OBSERVES_MAPS.replace('"ConfigMap"\n', '"Secret"\n')
    engine = RegoEngine(read_policies(policy_files({"secrets/maps/maps.rego": blind})))
    with pytest.raises(IncompleteRunError, match="no rule looked at v1/ConfigMap//web .from templates/map.yaml"):
        engine.judge(render_tiny())


def test_a_kind_may_be_out_of_scope_if_the_data_says_so() -> None:
    blind = OBSERVES_MAPS.replace('"ConfigMap"\n', '"Secret"\n')
    files = policy_files({"secrets/maps/maps.rego": blind, "data.yaml": "out_of_scope: {ConfigMap: holds no secret}\n"})
    judgement = RegoEngine(read_policies(files)).judge(render_tiny())
    assert (judgement.looked_at, judgement.out_of_scope, judgement.observations) == (0, 1, ())


def test_an_observation_without_all_fields_ends_the_run() -> None:
    careless = OBSERVES_MAPS.replace('"message": sprintf("tls is %s", [map.data.tls]),', "")
    engine = RegoEngine(read_policies(policy_files({"secrets/maps/maps.rego": careless})))
    with pytest.raises(IncompleteRunError, match="secrets.maps made an observation without the fields"):
        engine.judge(render_tiny())


def test_an_observation_of_something_else_ends_the_run() -> None:
    astray = OBSERVES_MAPS.replace('concat("/",', 'concat("|",')
    engine = RegoEngine(read_policies(policy_files({"secrets/maps/maps.rego": astray})))
    with pytest.raises(IncompleteRunError, match="no rule looked at|not in the rendering"):
        engine.judge(render_tiny())
