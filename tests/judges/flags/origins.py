"""Where the source of a SpiceDB version comes from, and what it says.

The source is SpiceDB's Go module, which the module proxy serves and the checksum database vouches for. Some versions it
does not serve; those are read from a clone of the project's repository, where one is given.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

JUDGES = Path(__file__).resolve().parents[1]
SPICEDB = "github.com/authzed/spicedb"
# The one other module that adds flags of SpiceDB's.
COBRAUTIL = "github.com/jzelinskie/cobrautil/v2"


class NotServedError(Exception):
    """A module version that neither the proxy nor a clone has; the message says why."""


@dataclass(frozen=True)
class Origins:
    """Clones by module path, for what the proxy does not serve, and the judges' cache."""

    clones: Mapping[str, Path] = field(default_factory=dict)
    cache: Path | None = None

    def report(self, version: str) -> dict[str, Any]:
        """What the source of a version says: spicedb-source's report, with the origin. Raises NotServedError."""
        folder, origin = self.folder(SPICEDB, version)
        required = re.search(rf"{re.escape(COBRAUTIL)} (v\S+)", (folder / "go.mod").read_text(encoding="utf-8"))
        if required is None:
            raise ValueError(f"SpiceDB {version} does not use {COBRAUTIL}: teach spicedb-source what took its place")
        other, _ = self.folder(COBRAUTIL, required[1])
        modules = [f"{SPICEDB}={folder}", f"{COBRAUTIL}={other}"]
        command = [str(judge("spicedb-source", self.cache)), version, *modules]
        report: dict[str, Any] = json.loads(_output(command))
        return report | {"source": origin}

    def withdrawn(self, newest: str) -> list[str]:
        """The versions that the changelog of the newest one says are withdrawn, oldest first."""
        text = (self.folder(SPICEDB, newest)[0] / "CHANGELOG.md").read_text(encoding="utf-8")
        return [f"v{number}" for number in re.findall(r"^## \[([0-9.]+)\].*\[YANKED\]", text, re.MULTILINE)][::-1]

    def folder(self, module: str, version: str) -> tuple[Path, str]:
        """The folder with a module's source, and its origin in a word or two."""
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run(
                ["go", "mod", "download", "-json", f"{module}@{version}"],
                cwd=empty,
                env=os.environ | {"GOFLAGS": "-mod=mod", "GOWORK": "off"},
                capture_output=True,
                text=True,
                check=False,
            )
        answer = json.loads(done.stdout or "{}")
        if "Dir" in answer:
            return Path(answer["Dir"]), "module"
        clone = self.clones.get(module.removesuffix("/v2"))
        if clone is None:
            raise NotServedError(f"{module}@{version}: {answer.get('Error', done.stderr).strip()}")
        return self._checked_out(clone, module, version)

    def _checked_out(self, clone: Path, module: str, version: str) -> tuple[Path, str]:
        pseudo = re.search(r"-([0-9a-f]{12})$", version)
        revision = pseudo[1] if pseudo else version
        commit = _output(["git", "-C", str(clone), "rev-parse", f"{revision}^{{commit}}"]).strip()
        folder = (self.cache or JUDGES.parents[1] / ".cache") / "source" / module.replace("/", "+") / commit
        if not folder.is_dir():
            unfinished = Path(tempfile.mkdtemp(dir=_made(folder.parent)))
            archive = subprocess.run(["git", "-C", str(clone), "archive", commit], check=True, stdout=subprocess.PIPE)
            subprocess.run(["tar", "-x", "-C", str(unfinished)], check=True, input=archive.stdout)
            unfinished.rename(folder)
        return folder, f"commit {commit}"


def ask(judges: tuple[str, ...], cache_folder: Path | None) -> list[dict[str, Any]]:
    """What programs built from SpiceDB's own code say of their flags."""
    return [json.loads(_output([str(judge(name, cache_folder))])) for name in judges]


@cache
def judge(name: str, cache_folder: Path | None) -> Path:
    where = ["--cache", str(cache_folder)] if cache_folder else []
    built = _output([sys.executable, str(JUDGES / "build.py"), name, "--print-paths", *where])
    return Path(json.loads(built)[name])


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
