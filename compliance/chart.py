"""A Helm chart as the program reads it: its files, defaults, values space and examples."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from compliance import yaml_files
from compliance.constraints import Constraint, read_constraints
from compliance.errors import InputError
from compliance.values import digest_of_files, get, merge

# Helm never packages these, so that what lies there can't change a rendering.
_NOT_PACKAGED = re.compile(r"^(tests|ci|examples)/")


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart's files by path relative to its folder, and what is read from them once.

    `examples` maps a file name in examples/ to its values.
    """

    files: Mapping[str, bytes] = field(repr=False)
    name: str
    version: str
    app_version: str
    defaults: Mapping[str, Any] = field(repr=False)
    schema: Mapping[str, Any] = field(repr=False)
    constraints: tuple[Constraint, ...] = field(repr=False)
    examples: Mapping[str, Mapping[str, Any]] = field(repr=False)

    GUARDS = "templates/guards.yaml"
    SCHEMA = "values.schema.json"
    CONSTRAINTS = "constraints.yaml"

    @cached_property
    def digest(self) -> str:
        return digest_of_files(self.files)

    @cached_property
    def packaged(self) -> Mapping[str, bytes]:
        """The files that can reach a rendering."""
        return {name: data for name, data in self.files.items() if not _NOT_PACKAGED.match(name)}

    def profile_of(self, values: Mapping[str, Any]) -> str:
        """The value of the chart's `profile` key, or "default" for a chart that has none."""
        return str(get(merge(self.defaults, values), "profile") or "default")

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """Every value that the schema allows for `profile`."""
        return tuple(get(self.schema, "properties.profile.enum") or ("default",))


def read_chart(files: Mapping[str, bytes]) -> Chart:
    """A Chart from its files. Raises InputError where a file that is needed is missing or unusable."""
    metadata = _yaml(files, "Chart.yaml")
    schema = _json(files, Chart.SCHEMA)
    defaults = _yaml(files, "values.yaml")
    constraints = _yaml(files, Chart.CONSTRAINTS) if Chart.CONSTRAINTS in files else {"constraints": []}
    return Chart(
        files=files,
        name=str(metadata.get("name", "")),
        version=str(metadata.get("version", "")),
        app_version=str(metadata.get("appVersion", "")),
        defaults=defaults,
        schema=schema,
        constraints=read_constraints(constraints, Chart.CONSTRAINTS),
        examples={
            name.removeprefix("examples/"): _yaml(files, name)
            for name in sorted(files)
            if re.fullmatch(r"examples/[^/]+\.ya?ml", name)
        },
    )


def _text(files: Mapping[str, bytes], name: str) -> str:
    if name not in files:
        raise InputError(f"{name}: the chart has no such file; is this the folder that holds Chart.yaml?")
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text: {error}") from error


def _yaml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    return yaml_files.load_map(_text(files, name), name)


def _json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        document = json.loads(_text(files, name), object_pairs_hook=partial(_once, name))
    except json.JSONDecodeError as error:
        raise InputError(f"{name}:{error.lineno}: not valid JSON: {error.msg}") from error
    if not isinstance(document, dict):
        raise InputError(f"{name}: must be a JSON object")
    return document


def _once(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. A key written twice is an error: the last one counts, and the first looks as if it did."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise InputError(f"{name}: the key {twice!r} is written twice in one object")
    return found
