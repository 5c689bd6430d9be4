"""What is kept of other projects, SpiceDB's settings and schemas of custom kinds, is what they say themselves."""

from __future__ import annotations

import re
import subprocess
import sys

import yaml

from tests.judges.programs import run
from tests.project import ROOT


def test_the_inventory_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "tests/judges/flags/inventory.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_flag_of_the_help_is_in_the_inventory() -> None:
    known = yaml.safe_load((ROOT / "policies/spicedb_flags.yaml").read_text())["spicedb_flags"]["v1.56.0"]
    flags = re.findall(r"^ +(?:-\w, )?--([a-z0-9-]+)", run("spicedb", "serve", "--help").stdout, re.MULTILINE)
    names = {"SPICEDB_" + flag.upper().replace("-", "_") for flag in flags} - {"SPICEDB_HELP"}
    assert len(names) > 100
    assert names - set(known) == set()


def test_the_schemas_of_custom_kinds_are_those_of_their_projects() -> None:
    command = [sys.executable, "-m", "tests.judges.crds", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
