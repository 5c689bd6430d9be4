"""Report formats: each module of this package is one, a pure function of a Run.

A module has `FILE` (the name of the file that it makes), `PER_FRAMEWORK` (whether it is also made for each framework
alone, under the framework's id) and `render(run) -> bytes`.
"""

from __future__ import annotations

import dataclasses
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from compliance.model import MutationEvidence, Run


class Format(Protocol):
    FILE: str
    PER_FRAMEWORK: bool

    def render(self, run: Run) -> bytes: ...


def discover() -> tuple[Format, ...]:
    """Every format module; those whose names start with an underscore are helpers."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(cast(Format, import_module(f"{__name__}.{name}")) for name in names)


def file_names(frameworks: tuple[str, ...]) -> tuple[str, ...]:
    """Every file that `render_all` can make."""
    names = []
    for format_ in discover():
        names.append(format_.FILE)
        if format_.PER_FRAMEWORK:
            names += [_name(format_, framework) for framework in frameworks]
    return tuple(sorted(names))


def render_all(run: Run) -> Iterator[tuple[str, bytes]]:
    """File names and contents."""
    for format_ in discover():
        yield format_.FILE, format_.render(run)
        if format_.PER_FRAMEWORK:
            for framework in run.frameworks:
                yield _name(format_, framework.id), format_.render(only(run, framework.id))


def only(run: Run, framework: str) -> Run:
    """The same run as if no other framework had been asked for."""
    return dataclasses.replace(
        run,
        frameworks=tuple(f for f in run.frameworks if f.id == framework),
        evidence=tuple(e for e in run.evidence if e.control.framework == framework),
        mutation=None if run.mutation is None else _mutation_of(run.mutation, framework),
    )


def _mutation_of(mutation: MutationEvidence, framework: str) -> MutationEvidence:
    """The same mistakes, with the controls of one framework alone."""

    def own(controls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(control for control in controls if control.startswith(f"{framework}:"))

    survivors = tuple(dataclasses.replace(s, controls=own(s.controls)) for s in mutation.survivors)
    return dataclasses.replace(mutation, survivors=survivors)


def _name(format_: Format, framework: str) -> str:
    return f"{framework}.{format_.FILE.rpartition('.')[2]}"
