"""Which line of the chart an observation comes from, so that whoever must mend it need not search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import yaml

from compliance import yaml_files
from compliance.chart import Chart
from compliance.model import Observation, Rendering

_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Locator:
    """Finds template lines by the text that they print, the best match by its neighbours."""

    def __init__(self, chart: Chart) -> None:
        self._defaults = chart.files["values.yaml"].decode()
        self._lines = [
            (name, number, pattern)
            for name, data in sorted(chart.packaged.items())
            if name.startswith("templates/") and not name.endswith("NOTES.txt")
            for number, pattern in _patterns(data.decode())
        ]
        self._by_place = {(name, number): pattern for name, number, pattern in self._lines}
        self._find = lru_cache(maxsize=None)(self._find_uncached)

    def template_line(self, rendering: Rendering, observation: Observation) -> str:
        """A place such as "templates/_pod.tpl:31"; only the file where no line can be told."""
        found = next((o for o in rendering.objects if o.id == observation.subject), None)
        if found is None:
            return ""
        line = _rendered_line(found.text, observation.path)
        return (self._find(found.text, line) if line is not None else None) or found.source

    def values_line(self, key: str) -> str:
        """A place such as "values.yaml:12" for a dotted key."""
        line = yaml_files.line_of(self._defaults, key)
        return f"values.yaml:{line}" if line else "values.yaml"

    def _find_uncached(self, text: str, line: int) -> str | None:
        rendered = [entry.strip() for entry in text.splitlines()]
        candidates = [(name, number) for name, number, pattern in self._lines if pattern.fullmatch(rendered[line])]
        if not candidates:
            return None
        # A line of values alone, such as `{{ $name }}: {{ $text }}`, can print anything: the most literal are best.
        most = max(len(self._by_place[place].pattern) for place in candidates)
        telling = [place for place in candidates if len(self._by_place[place].pattern) == most]
        name, number = max(telling, key=lambda place: (self._score(place, rendered, line), -place[1]))
        return f"{name}:{number}"

    def _score(self, place: tuple[str, int], rendered: Sequence[str], line: int) -> int:
        """How many of the lines around match too, at the same distance, ignoring lines that print nothing."""
        name, number = place
        around = [o for o in range(-4, 5) if o and 0 <= line + o < len(rendered)]
        return sum(
            bool((p := self._by_place.get((name, number + o))) and p.fullmatch(rendered[line + o])) for o in around
        )


def _patterns(template: str) -> list[tuple[int, re.Pattern[str]]]:
    """Each line that prints text, as a pattern of what it can print; lines of actions alone are left out."""
    patterns = []
    for number, line in enumerate(template.splitlines(), 1):
        literal = _ACTION.sub("\0", line.strip())
        if re.fullmatch(r"[\0\s]*", literal) or literal.startswith("#"):
            continue
        patterns.append((number, re.compile(".*".join(re.escape(part) for part in literal.split("\0")))))
    return patterns


def _rendered_line(text: str, path: str) -> int | None:
    """The line (from 0) of the deepest part of a path that the rendered text has."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line: int | None = node.start_mark.line if node else None
    for name, index in _STEP.findall(path):
        step = _child(node, name, index)
        if step is None:
            return line
        line, node = step
    return line


def _child(node: yaml.Node | None, name: str, index: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode) and name:
        for key, value in node.value:
            if key.value == name:
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
        return node.value[int(index)].start_mark.line, node.value[int(index)]
    return None
