"""The folder of Rego rules as the program reads it: modules, metadata, data and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from compliance import yaml_files
from compliance.errors import InputError
from compliance.model import Rule, Severity
from compliance.values import digest_of_files

_PACKAGE = re.compile(r"^package\s+([\w.]+)\s*$", re.MULTILINE)
_METADATA = re.compile(r"^# METADATA\n((?:#.*\n)+)package ", re.MULTILINE)
_RULE_FILE = re.compile(r"^(?!lib/)([a-z_]+)/([a-z_]+)/\2\.rego$")
_FIELDS = {"severity", "kinds", "remediation", "parameters"}
_EXAMPLE_FIELDS = {"bad": {"name", "patch", "remedy"}, "good": {"name", "patch"}}
_EXAMPLE_OPTIONS: Mapping[str, set[str]] = {"bad": {"also"}, "good": set()}
_OPTIONAL = {"pod_security"}
_CHECK = re.compile(r"(baseline|restricted)/[A-Za-z]+(_[a-z]+)?")
BASE_EXAMPLE = "examples/base.yaml"


@dataclass(frozen=True)
class Example:
    """A change (RFC 6902) of the base rendering; a bad one trips exactly its rule, a good one trips none.

    The remedy changes what a bad one made; after it no rule is tripped. `also` names rules that ask more of the same
    field, and so are tripped too: Pod Security's levels overlap.
    """

    rule: str
    name: str
    bad: bool
    patch: Sequence[Mapping[str, Any]]
    remedy: Sequence[Mapping[str, Any]] = ()
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Policies:
    """Rego by path relative to the folder, the data documents merged, the rules by id, and their examples."""

    files: Mapping[str, bytes] = field(repr=False)
    modules: Mapping[str, str] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...] = field(repr=False)

    @cached_property
    def digest(self) -> str:
        return digest_of_files(self.files)

    @cached_property
    def tests(self) -> Mapping[str, str]:
        return {name: text for name, text in self.modules.items() if name.endswith("_test.rego")}


def read_policies(files: Mapping[str, bytes]) -> Policies:
    """Policies from their files. Raises InputError for a rule that is not complete: metadata, parameters, examples."""
    modules = {name: _text(data, name) for name, data in sorted(files.items()) if name.endswith(".rego")}
    data: dict[str, Any] = {}
    for name, content in sorted(files.items()):
        if re.fullmatch(r"[a-z_]+\.yaml", name):
            data |= yaml_files.load_map(_text(content, name), name)
    rule_files = {name: match for name in modules if (match := _RULE_FILE.match(name))}
    if not rule_files:
        raise InputError("policies: no rule found; a rule is <group>/<rule>/<rule>.rego")
    rules = tuple(
        sorted((_rule(name, m[1], m[2], modules[name], data) for name, m in rule_files.items()), key=lambda r: r.id)
    )
    examples = [example for rule in rules for example in _examples(rule, files)]
    return Policies(files, modules, data, rules, tuple(examples))


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text: {error}") from error


def _rule(name: str, group: str, short: str, text: str, data: Mapping[str, Any]) -> Rule:
    id_ = f"{group}.{short}"
    package = _PACKAGE.search(text)
    if package is None or package.group(1) != id_:
        raise InputError(f"{name}: the package must be '{id_}', as its folders say")
    comment = _METADATA.search(text)
    if comment is None:
        raise InputError(f"{name}: needs a '# METADATA' comment right above 'package {id_}'")
    metadata = yaml_files.load_map(re.sub(r"^# ?", "", comment.group(1), flags=re.MULTILINE), f"{name} (METADATA)")
    custom = metadata.get("custom")
    if not isinstance(custom, Mapping) or set(custom) - _OPTIONAL != _FIELDS:
        raise InputError(f"{name}: METADATA 'custom' must have exactly {', '.join(sorted(_FIELDS))}")
    for check in custom.get("pod_security", ()):
        if not _CHECK.fullmatch(str(check)):
            raise InputError(f"{name}: pod_security '{check}' is no <level>/<check> such as baseline/privileged")
    if custom["severity"] not in list(Severity):
        raise InputError(f"{name}: severity '{custom['severity']}' is none of {', '.join(Severity)}")
    for parameter in custom["parameters"]:
        if parameter not in data.get("parameters", {}):
            raise InputError(f"{name}: reads the parameter '{parameter}', which data.yaml does not have")
    return Rule(
        id=id_,
        title=_sentence(metadata, "title", name),
        description=_sentence(metadata, "description", name),
        severity=Severity(custom["severity"]),
        kinds=tuple(custom["kinds"]),
        remediation=_sentence(custom, "remediation", name),
        parameters=tuple(custom["parameters"]),
        pod_security=tuple(custom.get("pod_security", ())),
        source=name,
        digest=digest_of_files({name: text.encode()}),
    )


def _sentence(document: Mapping[str, Any], key: str, name: str) -> str:
    text = document.get(key)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{name}: METADATA needs a {key}")
    return " ".join(text.split())


def _examples(rule: Rule, files: Mapping[str, bytes]) -> list[Example]:
    name = rule.source.rpartition("/")[0] + "/examples.yaml"
    if name not in files:
        raise InputError(f"{rule.source}: has no examples; {name} must show at least one bad and one good")
    document = yaml_files.load_map(_text(files[name], name), name)
    examples = []
    for side in ("bad", "good"):
        entries = document.get(side)
        if not isinstance(entries, list) or not entries:
            raise InputError(f"{name}: needs at least one example under '{side}'")
        for entry in entries:
            if not isinstance(entry, Mapping) or set(entry) - _EXAMPLE_OPTIONS[side] != _EXAMPLE_FIELDS[side]:
                raise InputError(f"{name}: each example has a name and a patch, a bad one a remedy, and perhaps also")
            remedy, also = entry.get("remedy", ()), frozenset(entry.get("also", ()))
            examples.append(Example(rule.id, str(entry["name"]), side == "bad", entry["patch"], remedy, also))
    return examples
