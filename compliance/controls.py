"""Frameworks as data, and what the verdicts of a run say of their controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance import yaml_files
from compliance.errors import InputError
from compliance.model import (
    CaseRecord,
    Confidence,
    Control,
    Framework,
    Relationship,
    Rule,
    RuleMapping,
    ScenarioMapping,
    Status,
    Verdict,
)

OWNERS = ("chart", "values", "cluster", "cloud", "organisation")


def read_framework(text: str, name: str) -> Framework:
    """One framework file. Raises InputError that names the file, the control and what is wrong."""
    document = yaml_files.load_map(text, name)
    id_ = str(document.get("id", ""))
    controls = [_control(id_, entry, name) for entry in _list(document, "controls", name)]
    for entry in _list(document, "without_rules", name):
        controls += _without_rules(id_, entry, name)
    seen: set[str] = set()
    for control in controls:
        if control.id in seen:
            raise InputError(f"{name}: {control.id} stands there twice")
        seen.add(control.id)
    for key in ("id", "title", "version", "source"):
        if not isinstance(document.get(key), str):
            raise InputError(f"{name}: needs a {key}")
    return Framework(id_, document["title"], document["version"], " ".join(document["source"].split()), tuple(controls))


def check_mappings(frameworks: Iterable[Framework], rules: Iterable[Rule]) -> None:
    """Raises InputError for a mapping to no rule, and for a rule that no framework mentions."""
    known = {rule.id for rule in rules}
    mapped: set[str] = set()
    for framework in frameworks:
        for control in framework.controls:
            for mapping in control.mappings:
                if mapping.rule not in known:
                    raise InputError(
                        f"{framework.id}: {control.id} names the rule '{mapping.rule}', which does not exist"
                    )
                mapped.add(mapping.rule)
    if orphans := sorted(known - mapped):
        raise InputError(f"rules that no framework maps to a control: {', '.join(orphans)}")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one profile's renderings say of a control. The three counts add up to the renderings."""

    status: Status
    reason: str
    supporting: int
    contradicting: int
    not_exercised: int


def verdicts_of(control: Control, rules: Sequence[Rule], records: Iterable[CaseRecord]) -> list[Verdict]:
    """What each rendering says of a control: fails if one counted rule fails, holds if at least one holds."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    counted = [numbers[mapping.rule] for mapping in counted_mappings(control)]
    return [_worst({record.verdicts[number] for number in counted}) for record in records]


def counted_mappings(control: Control) -> tuple[RuleMapping, ...]:
    """The mappings that decide the status; those of low confidence are only shown."""
    return tuple(mapping for mapping in control.mappings if mapping.confidence is not Confidence.LOW)


def standing_of(control: Control, rules: Sequence[Rule], records: Sequence[CaseRecord]) -> Standing:
    """The status of a control over the rendered Cases of one profile."""
    if control.fixed_status is not None:
        return Standing(control.fixed_status, control.limits, 0, 0, 0)
    counted = counted_mappings(control)
    if not counted:
        return Standing(Status.NOT_EVIDENCED, "only rules of low confidence speak to it; shown as related", 0, 0, 0)
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    of_cases = verdicts_of(control, rules, records)
    supporting, contradicting = of_cases.count(Verdict.HOLDS), of_cases.count(Verdict.FAILS)
    never = [
        mapping.rule
        for mapping in counted
        if all(record.verdicts[numbers[mapping.rule]] is Verdict.NOT_EXERCISED for record in records)
    ]
    status, reason = _status(supporting, contradicting, len(counted), never)
    return Standing(status, reason, supporting, contradicting, of_cases.count(Verdict.NOT_EXERCISED))


def _worst(verdicts: set[Verdict]) -> Verdict:
    if Verdict.FAILS in verdicts:
        return Verdict.FAILS
    return Verdict.HOLDS if Verdict.HOLDS in verdicts else Verdict.NOT_EXERCISED


def _status(supporting: int, contradicting: int, counted: int, never: Sequence[str]) -> tuple[Status, str]:
    looked_at = supporting + contradicting
    if len(never) == counted or not looked_at:
        return Status.NOT_EXERCISED, "no rule that speaks to it found anything to look at"
    if not supporting:
        return Status.NOT_SUPPORTED, f"a rule fails in each of {looked_at} configurations"
    if contradicting:
        return Status.PARTLY, f"a rule fails in {contradicting} of {looked_at} configurations"
    if never:
        return Status.PARTLY, f"never exercised: {', '.join(never)}"
    return Status.SUPPORTED, f"every rule that found something to look at holds, in {supporting} configurations"


def _control(framework: str, entry: Any, name: str) -> Control:
    where = f"{name}: {entry.get('id', entry) if isinstance(entry, Mapping) else entry}"
    required = {"id", "gist", "rules", "limits", "duties"}
    if not isinstance(entry, Mapping) or not required <= set(entry) <= required | {"references", "tests"}:
        raise InputError(f"{where}: a control has {', '.join(sorted(required))} and may have references and tests")
    if not set(entry["duties"]) <= set(OWNERS):
        raise InputError(f"{where}: duties belong to {', '.join(OWNERS)}; found {sorted(set(entry['duties']))}")
    if not entry["rules"]:
        raise InputError(f"{where}: has no rules; put it under 'without_rules' and say why")
    return Control(
        framework=framework,
        id=str(entry["id"]),
        gist=_text(entry["gist"]),
        mappings=tuple(_mapping(mapping, where) for mapping in entry["rules"]),
        limits=_text(entry["limits"]),
        duties={owner: _text(entry["duties"][owner]) for owner in OWNERS if owner in entry["duties"]},
        references={str(key): tuple(str(i) for i in ids) for key, ids in entry.get("references", {}).items()},
        tests=tuple(_test(mapping, where) for mapping in entry.get("tests", ())),
    )


def _test(entry: Any, where: str) -> ScenarioMapping:
    if not isinstance(entry, Mapping) or set(entry) != {"test", "rationale"}:
        raise InputError(f"{where}: each of its tests has exactly test and rationale")
    return ScenarioMapping(str(entry["test"]), _text(entry["rationale"]))


def _mapping(entry: Any, where: str) -> RuleMapping:
    required = {"rule", "relationship", "confidence", "rationale"}
    if not isinstance(entry, Mapping) or set(entry) != required:
        raise InputError(f"{where}: each rule has exactly {', '.join(sorted(required))}")
    if entry["relationship"] not in list(Relationship) or entry["confidence"] not in list(Confidence):
        raise InputError(
            f"{where}: {entry['rule']}: relationship is one of {', '.join(Relationship)}, "
            f"confidence one of {', '.join(Confidence)}"
        )
    return RuleMapping(
        rule=str(entry["rule"]),
        relationship=Relationship(entry["relationship"]),
        confidence=Confidence(entry["confidence"]),
        rationale=_text(entry["rationale"]),
    )


def _without_rules(framework: str, entry: Any, name: str) -> list[Control]:
    required = {"ids", "status", "reason", "owner"}
    if not isinstance(entry, Mapping) or set(entry) != required:
        raise InputError(f"{name}: an entry of without_rules has exactly {', '.join(sorted(required))}; found {entry}")
    if entry["status"] not in (Status.NOT_EVIDENCED, Status.NOT_APPLICABLE) or entry["owner"] not in OWNERS:
        raise InputError(
            f"{name}: {entry['ids']}: status is '{Status.NOT_EVIDENCED}' or '{Status.NOT_APPLICABLE}', "
            f"owner one of {', '.join(OWNERS)}"
        )
    reason = _text(entry["reason"])
    return [
        Control(framework, str(id_), reason, (), reason, {entry["owner"]: reason}, {}, Status(entry["status"]))
        for id_ in entry["ids"]
    ]


def _list(document: Mapping[str, Any], key: str, name: str) -> list[Any]:
    entries = document.get(key)
    if not isinstance(entries, list):
        raise InputError(f"{name}: needs a list under '{key}'")
    return entries


def _text(text: Any) -> str:
    return " ".join(str(text).split())
