"""Build the judges: the programs whose verdicts the framework's own are compared with.

Each folder here with a `judge.toml` is a Go module that pins one tool, and each table of that file is a judge. The
programs that tests/cluster runs are described in the same way, in tests/cluster/programs; all of them are built only
when named.

    package    what `go build` is given
    module     the pinned module: its version in go.mod is {version} below, without the leading v {release},
               and {kubernetes_minor} is the minor version of Kubernetes that its client library speaks
    tags       build tags
    ldflags    linker flags, above all those that stamp the version
    asks, says the arguments with which the judge states its version, and the line that it must answer
    on_demand  true: built only when named

A judge is kept in <cache>/judges/<digest>/<name>, the digest that of everything it is made from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RECIPES = (*sorted(HERE.glob("*/judge.toml")), *sorted(HERE.parent.glob("cluster/programs/*/program.toml")))
DEFAULT_CACHE = HERE.parents[1] / ".cache"
TAIL_LINES = 20


class BuildError(Exception):
    """A judge cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Judge:
    """One program to build; the fields are those of `judge.toml`, placeholders filled in."""

    name: str
    folder: Path
    package: str
    tags: tuple[str, ...]
    ldflags: tuple[str, ...]
    asks: tuple[str, ...]
    says: str
    on_demand: bool

    def sources(self) -> list[Path]:
        """All that goes into the program and is ours, the modules that go.sum pins left out."""
        own = self.folder.rglob("*.go")
        named = [self.folder / self.package] if self.package.endswith(".go") else []
        files = [self.folder / "go.mod", self.folder / "go.sum", *own, *named]
        return sorted(file for file in files if not file.name.endswith("_test.go"))

    def arguments(self) -> list[str]:
        """The flags of `go build`. Without -buildvcs=false, tools would name our commit as theirs."""
        # What debuggers need is stripped; not making it in the first place saves a tenth of the time.
        ldflags = " ".join(("-s -w", *self.ldflags))
        tags = ["-tags", ",".join(self.tags)]
        return ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", *tags, "-ldflags", ldflags]


@dataclass(frozen=True)
class Go:
    """The Go toolchain found, and the environment that it runs in."""

    executable: str
    version: str
    environment: dict[str, str]


def judges() -> dict[str, Judge]:
    """Every judge that a recipe describes, by name."""
    return {
        name: _judge(name, recipe, table)
        for recipe in RECIPES
        for name, table in tomllib.loads(recipe.read_text(encoding="utf-8")).items()
    }


def build(names: Sequence[str] = (), cache: Path = DEFAULT_CACHE, *, verbose: bool = False) -> dict[str, Path]:
    """Build the named judges that the cache lacks, one at a time, and return where each lies.

    Without names: all but those on demand. It says what it builds; when verbose, also what is there.
    """
    known = judges()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BuildError(f"no judge is called {unknown[0]}; there are {', '.join(known)}")
    chosen = [known[name] for name in names] or [judge for judge in known.values() if not judge.on_demand]
    go = _find_go()
    return {judge.name: _build_one(judge, go, cache, verbose) for judge in chosen}


def _build_one(judge: Judge, go: Go, cache: Path, verbose: bool) -> Path:
    _refuse_older_go(judge, go)
    path = cache.resolve() / "judges" / _digest(judge, go) / judge.name
    if path.is_file():
        if verbose:
            _say(f"{judge.name}: present")
        return path
    _say(f"{judge.name}: building, which takes minutes the first time")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".unfinished-") as scratch:
        built = Path(scratch) / judge.name
        _run(
            [go.executable, "build", *judge.arguments(), "-o", str(built), judge.package],
            f"{judge.name}: go build failed in {judge.folder.name}",
            cwd=judge.folder,
            environment=go.environment,
        )
        if judge.says:
            answer = _run([str(built), *judge.asks], f"{judge.name}: does not run once built")
            if judge.says not in answer.splitlines():
                raise BuildError(f"{judge.name}: should say {judge.says!r} of itself, but says:\n{_tail(answer)}")
        built.replace(path)
    _say(f"{judge.name}: built")
    return path


def _digest(judge: Judge, go: Go) -> str:
    parts = [go.version, *judge.arguments(), judge.package, judge.says, *judge.asks]
    digest = hashlib.sha256(json.dumps(parts).encode())
    for source in judge.sources():
        content = source.read_bytes()
        name = source.relative_to(judge.folder) if source.is_relative_to(judge.folder) else source.name
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _find_go() -> Go:
    executable = shutil.which("go")
    if executable is None:
        raise BuildError("the judges are Go programs, and there is no `go` on the PATH: install Go, then try again")
    # The judges run here and now: what the user's shell says about cross-compiling or workspaces must not reach them.
    environment = {
        # The compiler collects its garbage less often: another tenth.
        "GOGC": "400",
        **os.environ,
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }
    asked = [executable, "env", "GOVERSION", "GOHOSTOS", "GOHOSTARCH"]
    answer = _run(asked, "`go env` failed", cwd=HERE, environment=environment).splitlines()
    if len(answer) != len(asked) - 2:
        raise BuildError(f"`go env` answered {answer!r}")
    version, system, architecture = answer
    environment |= {"GOOS": system, "GOARCH": architecture}
    return Go(executable, f"{version} {system}/{architecture}", environment)


def _refuse_older_go(judge: Judge, go: Go) -> None:
    needed = _first(r"^go (\S+)$", (judge.folder / "go.mod").read_text(encoding="utf-8"))
    have = _first(r"go(\d+(?:\.\d+)*)", go.version)
    if _numbers(have) < _numbers(needed):
        raise BuildError(f"{judge.name}: needs Go {needed} or newer, and {go.executable} is {have or go.version}")


def _judge(name: str, recipe: Path, table: dict[str, Any]) -> Judge:
    folder = recipe.parent
    fill = _placeholders(folder, table.get("module"))
    try:
        return Judge(
            name=name,
            folder=folder,
            package=table["package"],
            tags=tuple(table.get("tags", ())),
            ldflags=tuple(flag.format_map(fill) for flag in table.get("ldflags", ())),
            asks=tuple(table.get("asks", ())),
            says=table.get("says", "").format_map(fill),
            on_demand=table.get("on_demand", False),
        )
    except KeyError as missing:
        raise BuildError(f"{name}: neither {folder.name}/{recipe.name} nor its go.mod gives {missing}") from None


def _placeholders(folder: Path, module: str | None) -> dict[str, str]:
    go_mod = (folder / "go.mod").read_text(encoding="utf-8")
    version = _first(rf"^(?:require )?\s*{re.escape(module)} (v\S+)", go_mod) if module else ""
    found = {
        "version": version,
        "release": version.removeprefix("v"),
        "kubernetes_minor": _first(r"^\s*k8s\.io/client-go v0\.(\d+)\.", go_mod),
    }
    return {name: value for name, value in found.items() if value}


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else ""


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    return tuple((*numbers, 0, 0, 0)[:3])


def _run(command: list[str], complaint: str, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(f"{complaint} (exit {done.returncode}):\n{_tail(done.stdout)}")
    return done.stdout


def _tail(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()[-TAIL_LINES:])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: all there; 2: one cannot be had, and standard error says why; 130: interrupted."""
    parser = argparse.ArgumentParser(description="Build the judges that the cache lacks.")
    parser.add_argument("names", nargs="*", metavar="judge", help="without any: all but those on demand")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="default: .cache in the repository root")
    parser.add_argument("--print-paths", action="store_true", help="print JSON, {name: path}, to standard output")
    options = parser.parse_args(arguments)
    try:
        paths = build(options.names, options.cache, verbose=True)
    except BuildError as error:
        _say(f"build.py: {error}")
        return 2
    except KeyboardInterrupt:
        _say("build.py: interrupted; what was unfinished is gone")
        return 130
    if options.print_paths:
        print(json.dumps({name: str(path) for name, path in sorted(paths.items())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
