"""What is kept of other projects, SpiceDB's settings and schemas of custom kinds, is what they say themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.judges.flags import inventory
from tests.judges.flags.files import Recorded, recorded
from tests.judges.flags.origins import NotServedError, Origins
from tests.judges.programs import run
from tests.place import ROOT

# The oldest that is served, those after which the reader would have to learn something, and those with programs.
SAMPLE = ("v1.23.1", "v1.32.0", "v1.37.1", "v1.39.0", "v1.44.0", "v1.47.1", "v1.52.0", "v1.54.0", "v1.56.0")


def test_versions_are_what_their_code_says() -> None:
    assert inventory.check(recorded(), SAMPLE, Origins()) == []


def test_versions_with_a_program_were_asked_and_read_alike() -> None:
    read = inventory.read(("v1.52.0", "v1.56.0"), Origins())
    asked = [found.source for found in read.values() if not isinstance(found, NotServedError)]
    assert asked == ["binary", "binary"]


def test_a_program_that_says_something_else_than_its_source_is_an_error() -> None:
    report = Origins().report("v1.56.0")
    commands = report["commands"]
    asked = {**report, "commands": {**commands, "serve": [f for f in commands["serve"] if f["name"] != "grpc-addr"]}}
    with pytest.raises(ValueError, match=r"v1\.56\.0: its source, as read, and the program itself differ"):
        inventory.release(report, asked)


def test_a_version_that_the_files_have_wrong_is_found() -> None:
    known = recorded()
    release = known.releases["v1.35.0"]
    settings = {name: entry for name, entry in release.settings.items() if name != "SPICEDB_HTTP_ADDR"}
    wrong = Recorded({**known.releases, "v1.35.0": replace(release, settings=settings)}, known.withdrawn)
    problem = "v1.35.0 says something else than the files: run python -m tests.judges.flags.inventory"
    assert inventory.check(wrong, ["v1.34.0", "v1.35.0"], Origins()) == [problem]


def test_a_version_that_is_not_served_is_named() -> None:
    [problem] = inventory.check(recorded(), ["v1.36.2"], Origins())
    assert problem.startswith("v1.36.2 is not to be had: github.com/authzed/spicedb@v1.36.2: ")


def test_every_flag_of_the_help_is_in_the_inventory() -> None:
    known = recorded().releases["v1.56.0"].settings
    flags = re.findall(r"^ +(?:-\w, )?--([a-z0-9-]+)", run("spicedb", "serve", "--help").stdout, re.MULTILINE)
    names = {"SPICEDB_" + flag.upper().replace("-", "_") for flag in flags} - {"SPICEDB_HELP"}
    assert len(names) > 100
    assert names - set(known) == set()


def test_the_reader_of_source_refuses_what_it_does_not_understand() -> None:
    folder = ROOT / "tests/judges/spicedb-source"
    done = subprocess.run(["go", "test", "./..."], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schemas_of_custom_kinds_are_those_of_their_projects() -> None:
    command = [sys.executable, "-m", "tests.judges.crds", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
