"""`build.py` against a stand-in for Go, so that no compiler is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

# Answers `go env`, and `go build` with a program that says FAKE_SAYS; each build is a line of builds.log.
FAKE_GO = """#!/bin/sh
if [ "$1" = env ]; then printf '%s\\n' "$FAKE_VERSION" linux amd64; exit; fi
echo "$@" >> "$FAKE_LOG"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho "%s"\\n' "$FAKE_SAYS" > "$2"
chmod +x "$2"
if [ -n "$FAKE_PAUSE" ]; then exec sleep "$FAKE_PAUSE"; fi
if [ -n "$FAKE_FAILURE" ]; then echo "$FAKE_FAILURE"; exit 1; fi
"""

MODULES = {
    "plain/go.mod": "module judges/plain\n\ngo 1.26.0\n",
    "plain/go.sum": "",
    "plain/main.go": "package main\n",
    "plain/main_test.go": "package main\n",
    "plain/judge.toml": '[plain]\npackage = "."\n',
    "stamped/go.mod": "module judges/stamped\n\ngo 1.26.0\n\nrequire example.org/tool v1.2.3 // indirect\n",
    "stamped/go.sum": "",
    "stamped/judge.toml": """[stamped]
module = "example.org/tool"
package = "../shared/main.go"
ldflags = ["-X example.org/tool.Version={version}"]
asks = ["version"]
says = "Version: {release}"
""",
    "shared/main.go": "package main\n",
}


class Workshop:
    """A copy of `build.py` beside two small modules, with a cache and a Go of its own."""

    def __init__(self, root: Path) -> None:
        self.modules = root / "tests" / "judges"
        self.cache = root / ".cache"
        self.log = root / "builds.log"
        for name, text in MODULES.items():
            file = self.modules / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        shutil.copy(HERE / "build.py", self.modules)
        go = root / "bin" / "go"
        go.parent.mkdir()
        go.write_text(FAKE_GO)
        go.chmod(0o755)
        self.environment = {
            "PATH": f"{go.parent}{os.pathsep}{os.environ['PATH']}",
            "FAKE_LOG": str(self.log),
            "FAKE_VERSION": "go1.26.8",
            "FAKE_SAYS": "Version: 1.2.3",
            "FAKE_PAUSE": "",
            "FAKE_FAILURE": "",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.modules / "build.py"), *arguments]

    def build(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments)
        return subprocess.run(command, env=self.environment | environment, capture_output=True, text=True, check=False)

    def builds(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.cache.rglob("*") if path.is_file())


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_prints_where_each_judge_lies(workshop: Workshop) -> None:
    done = workshop.build("plain", "--print-paths")
    (path,) = workshop.cache.glob("judges/*/plain")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"plain": str(path)})


def test_builds_only_what_is_missing(workshop: Workshop) -> None:
    workshop.build("plain")
    done = workshop.build("plain")
    assert (done.stderr, workshop.builds()) == ("plain: present\n", 1)


@pytest.mark.parametrize("file", ["stamped/go.mod", "stamped/go.sum", "stamped/judge.toml", "shared/main.go"])
def test_builds_anew_when_a_source_changes(workshop: Workshop, file: str) -> None:
    workshop.build("stamped")
    changed = workshop.modules / file
    addition = 'tags = ["x"]\n' if file.endswith(".toml") else "// more\n"
    changed.write_text(changed.read_text() + addition)
    workshop.build("stamped")
    assert workshop.builds() == 2


def test_builds_anew_with_another_go(workshop: Workshop) -> None:
    workshop.build("plain")
    workshop.build("plain", FAKE_VERSION="go1.26.9")
    assert workshop.builds() == 2


def test_a_test_of_the_judge_is_no_source_of_it(workshop: Workshop) -> None:
    workshop.build("plain")
    (workshop.modules / "plain" / "main_test.go").unlink()
    workshop.build("plain")
    assert workshop.builds() == 1


def test_stamps_the_version_that_go_mod_pins(workshop: Workshop) -> None:
    done = workshop.build("stamped")
    assert done.returncode == 0
    assert "-ldflags -s -w -X example.org/tool.Version=v1.2.3 -o" in workshop.log.read_text()


def test_a_judge_that_states_another_version_is_refused(workshop: Workshop) -> None:
    done = workshop.build("stamped", FAKE_SAYS="Version: 1.2.30")
    assert (done.returncode, done.stderr.splitlines()[1:], workshop.kept()) == (
        2,
        ["build.py: stamped: should say 'Version: 1.2.3' of itself, but says:", "    Version: 1.2.30"],
        [],
    )


def test_a_version_that_go_mod_does_not_pin_is_an_error(workshop: Workshop) -> None:
    recipe = workshop.modules / "stamped" / "judge.toml"
    recipe.write_text(recipe.read_text().replace("example.org/tool", "example.org/to"))
    done = workshop.build("stamped")
    message = "build.py: stamped: neither stamped/judge.toml nor its go.mod gives 'version'\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_a_failed_build_shows_its_end_and_leaves_nothing(workshop: Workshop) -> None:
    done = workshop.build("plain", FAKE_FAILURE="main.go:1: syntax error")
    lines = ["build.py: plain: go build failed in plain (exit 1):", "    main.go:1: syntax error"]
    assert (done.returncode, done.stderr.splitlines()[1:], workshop.kept()) == (2, lines, [])


def test_an_interrupted_build_leaves_nothing(workshop: Workshop) -> None:
    with subprocess.Popen(workshop.command("plain"), env=workshop.environment | {"FAKE_PAUSE": "60"}) as running:
        while not workshop.kept():
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
    assert (running.returncode, workshop.kept()) == (130, [])


def test_without_go_says_so(workshop: Workshop) -> None:
    done = workshop.build("plain", PATH="")
    message = "build.py: the judges are Go programs, and there is no `go` on the PATH: install Go, then try again\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_an_older_go_is_refused(workshop: Workshop) -> None:
    done = workshop.build("plain", FAKE_VERSION="go1.25.9")
    go = workshop.environment["PATH"].split(os.pathsep)[0] + "/go"
    message = f"build.py: plain: needs Go 1.26.0 or newer, and {go} is 1.25.9\n"
    assert (done.returncode, done.stderr, workshop.builds()) == (2, message, 0)


def test_an_unknown_judge_is_refused(workshop: Workshop) -> None:
    done = workshop.build("kyverno")
    assert (done.returncode, done.stderr) == (2, "build.py: no judge is called kyverno; there are plain, stamped\n")


def test_the_readme_names_every_judge() -> None:
    recipes = [tomllib.loads(recipe.read_text()) for recipe in HERE.glob("*/judge.toml")]
    rows = re.findall(r"^\| `([^`]+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(name for recipe in recipes for name in recipe)
