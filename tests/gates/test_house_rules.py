"""House rules, as gates."""

from __future__ import annotations

import re
import subprocess

import pytest

from compliance import reference
from tests.place import ROOT

TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split()
TEXTS = {name: text for name in TRACKED if (text := (ROOT / name).read_bytes()) and b"\0" not in text}


def test_generated_pages_are_fresh_and_none_is_left_over() -> None:
    assert sorted(reference.stale(ROOT)) == []


def test_requirements_are_pinned_with_hashes_and_name_no_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = TEXTS[name].decode()
        packages = re.findall(r"^[a-z0-9][^ =]*==\S+.*$", text, re.MULTILINE)
        assert len(packages) > 50
        assert all(package.endswith("\\") for package in packages)
        assert text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text


def test_the_runtime_pins_are_the_pins_of_development() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][^ ]*==[^ ]+)", TEXTS[name].decode(), re.MULTILINE))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_no_tracked_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    here = (str(ROOT.parent) + "/").encode()
    assert [name for name, text in TEXTS.items() if len(here) > 2 and here in text] == []


def test_workflows_call_only_make() -> None:
    workflow = TEXTS[".github/workflows/ci.yml"].decode()
    runs = re.findall(r"run: (.*)", workflow)
    assert runs
    assert [command for command in runs if not command.startswith("make ")] == []


@pytest.mark.parametrize(
    "target", ["compliance", "mutation", "test", "lint", "judges", "cluster-test", "bench", "docs", "check", "help"]
)
def test_the_makefile_explains_its_targets(target: str) -> None:
    assert re.search(rf"^{target}:.*## \S", TEXTS["Makefile"].decode(), re.MULTILINE)


def test_sources_stay_readable_in_length() -> None:
    long = {
        name: count
        for name, text in TEXTS.items()
        if name.endswith((".py", ".rego", ".tpl")) and (count := text.count(b"\n")) > 400
    }
    assert set(long) <= {"compliance/model.py"}


def test_one_template_is_one_object() -> None:
    for name, text in TEXTS.items():
        if name.startswith("spicedb/templates/") and name.endswith(".yaml"):
            makes_none = "guards" in name or name.endswith("/extra-objects.yaml")
            assert len(re.findall(rb"^kind:", text, re.MULTILINE)) == (0 if makes_none else 1), name


def test_templates_are_deterministic() -> None:
    forbidden = (
        rb"\{\{[^}]*\b(now|randAlpha\w*|randNumeric|randBytes|genCA|genPrivateKey|uuidv4|lookup|getHostByName)\b"
    )
    comment = rb"(?s)\{\{-? ?/\*.*?\*/ ?-?\}\}"
    templates = {n: re.sub(comment, b"", text) for n, text in TEXTS.items() if n.startswith("spicedb/templates/")}
    assert [name for name, text in templates.items() if re.search(forbidden, text)] == []


def test_every_helper_has_a_usage_line() -> None:
    for name, text in TEXTS.items():
        if name.endswith(".tpl"):
            helpers = text.decode().split("{{- define ")
            assert all(helper.rstrip().endswith("*/}}") and "Usage:" in helper for helper in helpers[:-1]), name


def test_the_namespace_comes_from_one_helper() -> None:
    templates = [text for name, text in TEXTS.items() if name.startswith("spicedb/templates/")]
    assert sum(text.count(b".Release.Namespace") for text in templates) == 2  # the helper, and the derived key
