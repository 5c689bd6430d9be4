"""The rules' examples: the base rendering, and each example made of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from compliance import examples as made
from compliance.policies import Example
from tests.project import policies


@cache
def base() -> tuple[dict[str, Any], ...]:
    """The objects of the base rendering."""
    return made.base_of(policies())


def examples() -> tuple[Example, ...]:
    return policies().examples


def materialised(example: Example) -> list[dict[str, Any]]:
    return made.materialised(base(), example)


def remedied(example: Example) -> list[dict[str, Any]]:
    return made.remedied(base(), example)
