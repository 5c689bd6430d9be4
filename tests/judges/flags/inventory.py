"""Write `policies/spicedb_flags.yaml`: the environment variables that each SpiceDB version reads.

Every judge whose name ends in `-flags` is built and asked. Covering another SpiceDB version means adding its module
beside this folder; leaving one out means deleting it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

JUDGES = Path(__file__).resolve().parents[1]
INVENTORY = JUDGES.parents[1] / "policies" / "spicedb_flags.yaml"

# In the order in which the inventory names them.
COMMANDS = ("serve", "migrate")

HEADER = """\
# Every setting that `spicedb serve` and `spicedb datastore migrate` read from the environment, by SpiceDB version:
# SpiceDB's own command tree, asked for its flags. SpiceDB ignores a SPICEDB_ name that is not here, without a word.
# Written by `python tests/judges/flags/inventory.py`; do not edit.
#
#   type        the type in SpiceDB's flag library, github.com/spf13/pflag
#   commands    those that read it; migrate is `spicedb datastore migrate`
#   hidden      true: a command marks it as not for its --help (which leaves out others too)
#   deprecated  what a command says of it
"""


def inventory(cache: Path | None = None) -> str:
    """Return the file's text. Raises ValueError where SpiceDB's two commands cannot be told in one entry."""
    versions = {report["version"]: _settings(report) for report in _reports(cache)}
    lines = [HEADER.rstrip(), "spicedb_flags:"]
    for version, settings in sorted(versions.items(), key=lambda item: _numbers(item[0])):
        lines.append(f"  {version}:")
        lines += [f"    {name}: {_one_line(entry)}" for name, entry in sorted(settings.items())]
    text = "\n".join(lines) + "\n"
    if yaml.safe_load(text) != {"spicedb_flags": versions}:
        raise ValueError("the inventory does not read back as it was written")
    return text


def _reports(cache: Path | None) -> list[dict[str, Any]]:
    names = [
        name
        for recipe in sorted(JUDGES.glob("*/judge.toml"))
        for name in tomllib.loads(recipe.read_text(encoding="utf-8"))
        if name.endswith("-flags")
    ]
    where = ["--cache", str(cache)] if cache else []
    build = [sys.executable, str(JUDGES / "build.py"), *names, "--print-paths", *where]
    paths = json.loads(subprocess.run(build, check=True, stdout=subprocess.PIPE).stdout)
    return [json.loads(subprocess.run([paths[name]], check=True, stdout=subprocess.PIPE).stdout) for name in names]


def _settings(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
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


def _one_line(entry: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=sys.maxsize)
    return text.strip()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))


def main() -> int:
    """Exit code 0: written, or as it should be; 1: --check found it stale; 2: SpiceDB could not be built or asked."""
    parser = argparse.ArgumentParser(description="Write policies/spicedb_flags.yaml from SpiceDB's own commands.")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the file is as it should be")
    parser.add_argument("--cache", type=Path, help="the judges' cache; default: .cache in the repository root")
    options = parser.parse_args()
    try:
        text = inventory(options.cache)
    except (subprocess.CalledProcessError, ValueError) as error:
        print(f"inventory.py: {error}", file=sys.stderr)
        return 2
    if not options.check:
        INVENTORY.write_text(text, encoding="utf-8")
    elif not INVENTORY.is_file() or INVENTORY.read_text(encoding="utf-8") != text:
        print("policies/spicedb_flags.yaml is stale: run python tests/judges/flags/inventory.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
