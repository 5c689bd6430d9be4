"""What must hold between values: the chart's constraints.yaml, interpreted as its guards template does.

Grammar: a list of `{id, when, require, message, docs}`; `when` and `require` map dotted values paths to one matcher
each, all of which must match. A matcher is one of `equals`, `oneOf`, `set`, `absent`, `min`, `max`, `pattern`, `not`.
A path that does not exist is null; null, "", [] and {} are absent, 0 and false are set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.errors import InputError
from compliance.values import get

_MATCHERS = ("equals", "oneOf", "set", "absent", "min", "max", "pattern", "not")


@dataclass(frozen=True)
class Condition:
    """One values path and what must be true of the value there."""

    path: str
    matcher: Mapping[str, Any]

    def holds(self, values: Mapping[str, Any]) -> bool:
        return matches(get(values, self.path), self.matcher)


@dataclass(frozen=True)
class Constraint:
    """If all of `when` holds, all of `require` must; else the values are refused with `message`."""

    id: str
    when: tuple[Condition, ...]
    require: tuple[Condition, ...]
    message: str
    docs: str

    def is_broken_by(self, values: Mapping[str, Any]) -> bool:
        return all(c.holds(values) for c in self.when) and not all(c.holds(values) for c in self.require)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted({condition.path for condition in (*self.when, *self.require)}))


def broken(constraints: Iterable[Constraint], values: Mapping[str, Any]) -> tuple[Constraint, ...]:
    """The constraints that merged values break, in the file's order."""
    return tuple(constraint for constraint in constraints if constraint.is_broken_by(values))


def matches(value: Any, matcher: Mapping[str, Any]) -> bool:
    """Whether one value satisfies one matcher."""
    ((name, argument),) = matcher.items()
    match name:
        case "equals":
            return _equal(value, argument)
        case "oneOf":
            return any(_equal(value, option) for option in argument)
        case "set":
            return not _absent(value)
        case "absent":
            return _absent(value)
        case "min":
            return _is_number(value) and value >= argument
        case "max":
            return _is_number(value) and value <= argument
        case "pattern":
            return isinstance(value, str) and re.search(_as_re2(argument), value) is not None
        case _:
            return not matches(value, argument)


def _absent(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(value: Any, other: Any) -> bool:
    both_numbers = _is_number(value) and _is_number(other)
    return (both_numbers or type(value) is type(other)) and bool(value == other)


def _as_re2(pattern: str) -> str:
    """Python's final $ also matches before a final newline; that of RE2, which Helm uses, does not."""
    ends = pattern.endswith("$") and not pattern.endswith("\\$")
    return pattern[:-1] + r"\Z" if ends else pattern


def read_constraints(document: Mapping[str, Any], name: str) -> tuple[Constraint, ...]:
    """The constraints of a parsed file. Raises InputError that names the entry and what is wrong with it."""
    entries = document.get("constraints")
    if not isinstance(entries, list):
        raise InputError(f"{name}: must hold a list under the key 'constraints'")
    constraints = tuple(_read(entry, f"{name}: entry {number}") for number, entry in enumerate(entries, 1))
    ids = [constraint.id for constraint in constraints]
    for constraint in constraints:
        if ids.count(constraint.id) > 1:
            raise InputError(f"{name}: the id '{constraint.id}' is used more than once")
    return constraints


def _read(entry: Any, where: str) -> Constraint:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
        raise InputError(f"{where}: must be a map with an id")
    where = f"{where} ({entry['id']})"
    if unknown := set(entry) - {"id", "when", "require", "message", "docs"}:
        raise InputError(f"{where}: unknown keys {sorted(unknown)}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]):
        raise InputError(f"{where}: an id is lower-case words joined by dashes")
    if not isinstance(entry.get("message"), str) or not isinstance(entry.get("docs"), str):
        raise InputError(f"{where}: needs a message and docs")
    require = _conditions(entry.get("require"), where)
    if not require:
        raise InputError(f"{where}: requires nothing")
    return Constraint(
        id=entry["id"],
        when=_conditions(entry.get("when") or {}, where),
        require=require,
        message=" ".join(entry["message"].split()),
        docs=entry["docs"],
    )


def _conditions(document: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(document, Mapping):
        raise InputError(f"{where}: 'when' and 'require' are maps from values paths to matchers")
    for path, matcher in document.items():
        _check(matcher, f"{where}: {path}")
    return tuple(Condition(str(path), matcher) for path, matcher in document.items())


def _check(matcher: Any, where: str) -> None:
    if not isinstance(matcher, Mapping) or len(matcher) != 1 or next(iter(matcher)) not in _MATCHERS:
        raise InputError(f"{where}: needs exactly one matcher of {', '.join(_MATCHERS)}; found {matcher!r}")
    ((name, argument),) = matcher.items()
    fits = {
        "oneOf": isinstance(argument, list),
        "set": argument is True,
        "absent": argument is True,
        "min": _is_number(argument),
        "max": _is_number(argument),
        "pattern": isinstance(argument, str),
    }
    if not fits.get(name, True):
        raise InputError(f"{where}: the matcher '{name}' can't take {argument!r}")
    if name == "pattern":
        try:
            re.compile(argument)
        except re.error as error:
            raise InputError(f"{where}: not a regular expression: {error}") from error
    if name == "not":
        _check(argument, where)
