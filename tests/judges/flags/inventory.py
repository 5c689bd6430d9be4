"""Write what is known of SpiceDB's versions: policies/spicedb_flags.yaml, and spicedb/versions.yaml for the chart.

    python -m tests.judges.flags.inventory                           # read every version of releases.txt, and write
    python -m tests.judges.flags.inventory --check v1.35.0 v1.52.0   # compare these; without any: all
    python -m tests.judges.flags.inventory --clone github.com/authzed/spicedb=<folder>   # for what the proxy lacks

Versions that a judge whose name ends in `-flags` is built from are asked; the source of others is read, and that of
those asked too, which must say the same. A version that is not to be had keeps what the files say of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.judges.flags import files
from tests.judges.flags.origins import JUDGES, NotServedError, Origins, ask

# In the order in which the inventory names them.
COMMANDS = ("serve", "migrate")
RELEASES = tuple((Path(__file__).parent / "releases.txt").read_text(encoding="utf-8").split())


def release(report: Mapping[str, Any], asked: Mapping[str, Any] | None) -> files.Release:
    """One version from its source and, where a program of it was asked, from that. Raises ValueError if they differ."""
    settings = _settings(report)
    if asked is not None and _settings(asked) != settings:
        raise ValueError(f"SpiceDB {report['version']}: its source, as read, and the program itself differ")
    heads = {engine: names[-1] for engine, names in sorted(report["migrations"].items())}
    return files.Release("binary" if asked else report["source"], settings, heads)


def read(versions: Iterable[str], origins: Origins) -> dict[str, files.Release | NotServedError]:
    """What each version says, or why it is not to be had."""
    asked = {report["version"]: report for report in ask(_asked(), origins.cache)}
    found: dict[str, files.Release | NotServedError] = {}
    for version in versions:
        try:
            found[version] = release(origins.report(version), asked.get(version))
        except NotServedError as reason:
            found[version] = reason
    return found


def _asked() -> tuple[str, ...]:
    recipes = [tomllib.loads(recipe.read_text(encoding="utf-8")) for recipe in sorted(JUDGES.glob("*/judge.toml"))]
    return tuple(name for recipe in recipes for name in recipe if name.endswith("-flags"))


def _settings(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    settings: dict[str, dict[str, Any]] = {}
    if sorted(report["commands"]) != sorted(COMMANDS):
        raise ValueError(f"SpiceDB {report['version']}: asked for {COMMANDS}, told of {sorted(report['commands'])}")
    for command in COMMANDS:
        for flag in report["commands"][command]:
            entry = settings.setdefault(flag["env"], {"type": flag["type"], "commands": []})
            if entry["type"] != flag["type"]:
                raise ValueError(f"SpiceDB {report['version']}: {flag['env']} has a type for each command")
            entry["commands"].append(command)
            if flag["hidden"]:
                entry["hidden"] = True
            if flag["deprecated"]:
                entry["deprecated"] = flag["deprecated"]
    return settings


def check(recorded: files.Recorded, versions: Sequence[str], origins: Origins) -> list[str]:
    """What is wrong with what is recorded: each version that says something else, or that should be had and is not."""
    problems = []
    for version, found in read(versions or RELEASES, origins).items():
        if isinstance(found, NotServedError):
            if versions or recorded.releases[version].source in ("module", "binary"):
                problems.append(f"{version} is not to be had: {found}")
        elif found.facts() != recorded.releases[version].facts():
            problems.append(f"{version} says something else than the files: run python -m tests.judges.flags.inventory")
    if origins.withdrawn(RELEASES[-1]) != recorded.withdrawn:
        problems.append(f"the changelog of {RELEASES[-1]} withdraws other versions than the files")
    return problems


def write(origins: Origins) -> None:
    """Write both files anew. Raises ValueError for a version that is neither to be had nor recorded."""
    before = files.recorded().releases if files.FLAGS.is_file() else {}
    releases = {}
    for version, found in read(RELEASES, origins).items():
        if isinstance(found, NotServedError):
            if version not in before:
                raise ValueError(f"{found}; a clone may have it: --clone")
            print(f"{version}: kept, as it is not to be had", file=sys.stderr)
            found = before[version]
        releases[version] = found
    files.write(files.Recorded(releases, origins.withdrawn(RELEASES[-1])))


def main() -> int:
    """Exit code 0: written, or as it should be; 1: found stale; 2: SpiceDB could not be built, asked or read."""
    parser = argparse.ArgumentParser(description="Write what is known of SpiceDB's versions, from SpiceDB itself.")
    parser.add_argument("versions", nargs="*", metavar="version", help="with --check: those to compare; default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the files are right")
    parser.add_argument("--cache", type=Path, help="the judges' cache; default: .cache in the repository root")
    parser.add_argument("--clone", action="append", default=[], metavar="MODULE=FOLDER", help="a clone, by module path")
    options = parser.parse_args()
    if options.versions and not options.check:
        parser.error("versions are named with --check only: all of them are written at once")
    clones = {module: Path(folder) for module, _, folder in (text.partition("=") for text in options.clone)}
    origins = Origins(clones, options.cache)
    try:
        if not options.check:
            write(origins)
            return 0
        known = files.recorded()
        problem = files.inconsistent(known, RELEASES)
        problems = [problem] if problem else check(known, options.versions, origins)
    except (subprocess.CalledProcessError, ValueError) as error:
        print(f"inventory.py: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"inventory.py: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
