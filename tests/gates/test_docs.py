"""Pages do what they say: links lead somewhere, values render, commands exist.

A fenced block says how it is checked. `yaml values` is a values file of its own, `yaml values=NAME` one that goes on
top of spicedb/examples/NAME.yaml; both must render. `yaml object` is something else, and must parse, as JSON and
Terraform must. A shell block is checked command by command, unless its first line says what it needs that a test has
not: `# needs a cluster`, `# needs AWS`; then it must parse. SQL is not checked. Pages under docs/reference are
generated.
"""

from __future__ import annotations

import itertools
import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2.api
import pytest
import yaml

from compliance.values import merge, put
from tests.place import ROOT
from tests.project import chart, in_schema, rendering

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "spicedb/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS = re.compile(r"\A# needs (?:a cluster|AWS|Google Cloud)\n")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
PARSERS: Mapping[str, Callable[[str], Any]] = {"json": json.loads, "hcl": hcl2.api.loads}
OURS = ("make", "helm", "compliance")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it is, its language, the rest of its first line, its text."""

    place: str
    language: str
    info: str
    text: str


def _blocks() -> Iterator[Block]:
    for page in (page for page in PAGES if page.parent.name != "reference"):
        text = page.read_text()
        for found in FENCE.finditer(text):
            line = text[: found.start()].count("\n") + 1
            yield Block(f"{page.relative_to(ROOT)}:{line}", found[1], found[2].strip(), found[3])


BLOCKS = list(_blocks())
VALUES = [block for block in BLOCKS if block.language == "yaml" and block.info.startswith("values")]
PARSED = [block for block in BLOCKS if block.language in PARSERS]
SCRIPTS = [block for block in BLOCKS if block.language == "sh"]
SHELL = [block for block in SCRIPTS if not NEEDS.match(block.text)]


def _example(name: str) -> Mapping[str, Any]:
    return chart().examples[f"{name}.yaml"]


@pytest.mark.parametrize("block", VALUES, ids=lambda block: block.place)
def test_values_of_a_page_render(block: Block) -> None:
    _, _, base = block.info.partition("=")
    rendering(merge(_example(base) if base else {}, yaml.safe_load(block.text)))


def test_every_yaml_of_a_page_says_how_it_is_checked() -> None:
    others = [block for block in BLOCKS if block.language == "yaml" and block not in VALUES]
    assert [block.place for block in others if block.info != "object" or not yaml.safe_load(block.text)] == []


def test_every_language_of_a_page_is_known_here() -> None:
    assert {block.language for block in BLOCKS} <= {"yaml", "sh", "sql", *PARSERS}


@pytest.mark.parametrize("block", PARSED, ids=lambda block: block.place)
def test_json_and_terraform_of_a_page_parse(block: Block) -> None:
    assert PARSERS[block.language](block.text)


@pytest.mark.parametrize("block", SCRIPTS, ids=lambda block: block.place)
def test_shell_of_a_page_parses(block: Block) -> None:
    done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.place)
def test_commands_of_a_page_exist(block: Block) -> None:
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            assert words[0] in OURS, f"{line}: say at the top of the block what it needs"
            _check(words)


def _check(words: list[str]) -> None:
    if words[0] == "make":
        assert words[1] in TARGETS
        for name, _, value in (word.partition("=") for word in words[2:]):
            assert name != "VALUES" or value == "prod.yaml" or (ROOT / value).is_file(), value
    if words[0] == "helm":
        assert words[1] in ("install", "upgrade", "template")
        rendering(_values_of(words))


def _values_of(words: list[str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for option, argument in itertools.pairwise(words):
        if option in ("-f", "--values"):
            values = merge(values, yaml.safe_load((ROOT / argument).read_text()))
        if option == "--set":
            path, _, value = argument.partition("=")
            values = put(values, path, yaml.safe_load(value))
    return values


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        if not target.startswith(("https://", "http://")):
            file, _, heading = target.partition("#")
            path = (page.parent / file).resolve() if file else page
            assert path.exists(), target
            assert not heading or heading in _headings(path), target


def test_the_keys_that_replace_the_operator_s_exist() -> None:
    rows = [
        line.split("|")[2] for line in (ROOT / "docs/from-the-operator.md").read_text().splitlines() if "| `" in line
    ]
    keys = [key for row in rows for key in re.findall(r"`([^`]+)`", row)]
    assert len(keys) > 30
    assert [key for key in keys if not in_schema(key)] == []


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
