"""Reading the YAML that the project's own users write, with errors that say where."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from compliance.errors import InputError


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader, which refuses a key written twice instead of taking the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load(text: str, name: str) -> Any:
    """One YAML document. Raises InputError with file, line and the parser's words."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a subclass of the safe loader)
    except yaml.YAMLError as error:
        raise InputError(f"{name}{_line(error)}: not valid YAML: {_problem(error)}") from error


def load_map(text: str, name: str) -> dict[str, Any]:
    """One YAML document that must be a map. Raises InputError."""
    document = load(text, name)
    if not isinstance(document, dict):
        raise InputError(f"{name}: must be a map of keys to values, not {type(document).__name__}")
    return document


def dump(document: Any) -> str:
    """A document as YAML, keys in the order given."""
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, width=110, allow_unicode=True)


def line_of(text: str, path: str) -> int | None:
    """The line (from 1) on which a dotted path's key stands; None where it is not written out."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = None
    for part in path.split("."):
        if not isinstance(node, yaml.MappingNode):
            return None
        for key_node, value_node in node.value:
            if key_node.value == part:
                line, node = key_node.start_mark.line + 1, value_node
                break
        else:
            return None
    return line


def _line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}" if mark else ""


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error)
