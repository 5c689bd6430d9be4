"""The mappings resolve both ways, and say what they rest on."""

from __future__ import annotations

import re

import pytest

from compliance.controls import OWNERS, check_mappings
from compliance.model import Framework
from tests.place import ROOT
from tests.project import frameworks, policies

# Ids that the frameworks have; a control that is missing would be one that nobody says anything of.
SOC2 = [
    *(
        f"CC{group}.{n}"
        for group, count in zip(range(1, 10), (5, 3, 4, 2, 3, 8, 5, 1, 2), strict=True)
        for n in range(1, count + 1)
    ),
    *("A1.1", "A1.2", "A1.3", "C1.1", "C1.2"),
    *(f"PI1.{n}" for n in range(1, 6)),
    *("P1.1", "P2.1", "P3.1", "P3.2", "P4.1", "P4.2", "P4.3", "P5.1", "P5.2"),
    *(f"P6.{n}" for n in range(1, 8)),
    *("P7.1", "P8.1"),
]
PCI_GROUPS = {1: 5, 2: 3, 3: 7, 4: 2, 5: 4, 6: 5, 7: 3, 8: 6, 9: 5, 10: 7, 11: 6, 12: 10}


def _framework(id_: str) -> Framework:
    return next(framework for framework in frameworks() if framework.id == id_)


def test_every_mapping_names_a_rule_and_every_rule_is_mapped() -> None:
    check_mappings(frameworks(), policies().rules)


def test_every_scenario_that_a_control_names_exists() -> None:
    sources = [path.read_text() for path in (ROOT / "tests/cluster/scenarios").glob("test_*.py")]
    known = {id_ for source in sources for id_ in re.findall(r'@scenario\(\s*"([^"]+)"', source)}
    named = {mapping.test for framework in frameworks() for control in framework.controls for mapping in control.tests}
    assert named - known == set()
    assert named


def test_soc2_names_every_criterion_once() -> None:
    assert sorted(control.id for control in _framework("soc2").controls) == sorted(SOC2)


def test_pci_dss_says_something_of_every_requirement_group() -> None:
    ids = [control.id for control in _framework("pci_dss_4_0_1").controls]
    assert all(re.fullmatch(r"\d+\.\d+(\.\d+){0,2}", id_) for id_ in ids)
    groups = {tuple(map(int, id_.split(".")[:2])) for id_ in ids}
    assert groups == {(major, minor) for major, count in PCI_GROUPS.items() for minor in range(1, count + 1)}


@pytest.mark.parametrize("framework", frameworks(), ids=lambda f: f.id)
def test_every_control_says_whose_the_rest_is_and_what_is_not_evidenced(framework: Framework) -> None:
    for control in framework.controls:
        assert control.limits, control.id
        assert set(control.duties) <= set(OWNERS), control.id
        assert set(control.duties) - {"chart"}, f"{control.id} leaves nothing to anybody else"


@pytest.mark.parametrize("framework", frameworks(), ids=lambda f: f.id)
def test_a_rationale_is_a_sentence(framework: Framework) -> None:
    texts = [m.rationale for control in framework.controls for m in control.mappings]
    assert [text for text in texts if len(text.split()) < 4 or not text.endswith(".")] == []


def test_the_assessor_s_words_are_not_used() -> None:
    text = " ".join(c.gist + c.limits + " ".join(c.duties.values()) for f in frameworks() for c in f.controls)
    assert [word for word in ("compliant", "in place", "satisfied") if re.search(rf"\b{word}\b", text.lower())] == []
