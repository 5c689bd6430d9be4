"""Operators: each makes one kind of mistake at every place that has room for it, and names the rules that should fall.

Each module of this package has `OPERATORS`, a tuple of them.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module

from compliance.mutation.manifests import Mutate


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of mistake. `sentence` says what it does; each of `rules` should fall wherever it is made."""

    name: str
    sentence: str
    rules: tuple[str, ...]
    mutate: Mutate


def discover() -> tuple[Operator, ...]:
    """Every operator, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted((o for module in modules for o in module.OPERATORS), key=lambda operator: operator.name))
