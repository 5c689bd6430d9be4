"""The two files that hold what is known of SpiceDB's versions, written from one account and read back to it.

In both, what stays the same from version to version is one entry: `since` a version and, unless the newest has it too,
`until` a version.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
FLAGS = ROOT / "policies" / "spicedb_flags.yaml"
CHART = ROOT / "spicedb" / "versions.yaml"

FLAGS_HEADER = """\
# Every setting that `spicedb serve` and `spicedb datastore migrate` read from the environment, by SpiceDB version.
# SpiceDB ignores a SPICEDB_ name that is not here, without a word.
# Written by `python -m tests.judges.flags.inventory`; do not edit.
#
# versions, oldest first
#   order      counts them, to compare by
#   source     binary: SpiceDB's own command tree was asked, and its source read; module: the source of the Go module
#              github.com/authzed/spicedb was read; commit: that of its repository, as the module is not served
#   withdrawn  true: SpiceDB's changelog says YANKED
# settings, a list each, in which a setting has at most one entry for a version
#   since, until  the first and the last version that have it so; without until: the newest too
#   type          the type in SpiceDB's flag library, github.com/spf13/pflag
#   commands      those that read it; migrate is `spicedb datastore migrate`
#   hidden        true: a command marks it as not for its --help (which leaves out others too)
#   deprecated    what a command says of it
"""

CHART_HEADER = """\
# What the templates know of SpiceDB's versions. Written by `python -m tests.judges.flags.inventory` from SpiceDB's own
# code, as policies/spicedb_flags.yaml is; do not edit.
#
#   versions   oldest first
#   withdrawn  those that SpiceDB's changelog says are yanked
#   settings   since and until which version SpiceDB reads a variable; without until: the newest too
#   heads      the last migration of each engine
"""


@dataclass(frozen=True)
class Release:
    """One version: where its facts are from, its settings by variable, and the last migration of each engine."""

    source: str
    settings: Mapping[str, Mapping[str, Any]]
    heads: Mapping[str, str]

    def facts(self) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """All but where they are from."""
        return self.settings, self.heads


@dataclass(frozen=True)
class Recorded:
    """All that is known: releases oldest first, and those that are withdrawn."""

    releases: Mapping[str, Release]
    withdrawn: list[str]


def recorded() -> Recorded:
    """What the files say."""
    flags = yaml.safe_load(FLAGS.read_text(encoding="utf-8"))["spicedb_flags"]
    heads = yaml.safe_load(CHART.read_text(encoding="utf-8"))["heads"]
    versions = list(flags["versions"])
    settings: dict[str, dict[str, Any]] = {version: {} for version in versions}
    for name, entries in flags["settings"].items():
        for entry in entries:
            facts = {key: value for key, value in entry.items() if key not in ("since", "until")}
            for version in _spanned(entry, versions):
                settings[version][name] = facts
    last = {
        v: {e: h["head"] for e, spans in heads.items() for h in spans if v in _spanned(h, versions)} for v in versions
    }
    releases = {v: Release(flags["versions"][v]["source"], settings[v], last[v]) for v in versions}
    return Recorded(releases, [v for v in versions if flags["versions"][v].get("withdrawn")])


def inconsistent(known: Recorded, releases: Sequence[str]) -> str:
    """What is wrong with the files by themselves, or nothing."""
    if list(known.releases) != list(releases):
        return "releases.txt names other versions than policies/spicedb_flags.yaml"
    for path, text in texts(known).items():
        if path.read_text(encoding="utf-8") != text:
            return f"{path.relative_to(ROOT)} is not as it is written: run python -m tests.judges.flags.inventory"
    return ""


def write(known: Recorded) -> None:
    """Write both. Raises ValueError where they would not read back as they were meant."""
    for path, text in texts(known).items():
        path.write_text(text, encoding="utf-8")
    if recorded() != known:
        raise ValueError("the inventory does not read back as it was written")


def texts(known: Recorded) -> dict[Path, str]:
    """Both files' text."""
    versions = list(known.releases)
    flags = [
        FLAGS_HEADER.rstrip(),
        "spicedb_flags:",
        "  versions:",
        *(f"    {version}: {_line(entry)}" for version, entry in _versions(known).items()),
        "  settings:",
        *_spans(_settings(known), "    "),
    ]
    engines = sorted({engine for release in known.releases.values() for engine in release.heads})
    heads = {e: _runs([{"head": r.heads[e]} for r in known.releases.values()], versions) for e in engines}
    chart = [
        CHART_HEADER.rstrip(),
        "versions:",
        *(f"  - {version}" for version in known.releases),
        "withdrawn:",
        *(f"  - {version}" for version in known.withdrawn),
        "settings:",
        *_spans(_settings(known, bare=True), "  ", beside=True),
        "heads:",
        *_spans(heads, "  "),
    ]
    return {FLAGS: "\n".join(flags) + "\n", CHART: "\n".join(chart) + "\n"}


def _versions(known: Recorded) -> dict[str, dict[str, Any]]:
    marks: dict[str, dict[str, Any]] = {version: {"withdrawn": True} for version in known.withdrawn}
    return {
        version: {"order": order, "source": release.source} | marks.get(version, {})
        for order, (version, release) in enumerate(known.releases.items())
    }


def _settings(known: Recorded, *, bare: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Each setting's entries; bare: only which versions have it."""
    releases = known.releases.values()
    names = sorted({name for release in releases for name in release.settings})
    entries = {name: [release.settings.get(name) for release in releases] for name in names}
    if bare:
        entries = {name: [None if entry is None else {} for entry in seen] for name, seen in entries.items()}
    return {name: _runs(seen, list(known.releases)) for name, seen in entries.items()}


def _runs(facts: Sequence[Mapping[str, Any] | None], versions: Sequence[str]) -> list[dict[str, Any]]:
    """What holds for each version in turn, None for nothing, as spans."""
    runs = []
    start = 0
    for entry, group in groupby(facts):
        end = start + len(list(group))
        if entry is not None:
            until = {} if end == len(versions) else {"until": versions[end - 1]}
            runs.append({"since": versions[start], **until, **entry})
        start = end
    return runs


def _spanned(entry: Mapping[str, Any], versions: Sequence[str]) -> Sequence[str]:
    end = versions.index(entry["until"]) + 1 if "until" in entry else len(versions)
    return versions[versions.index(entry["since"]) : end]


def _spans(named: Mapping[str, list[dict[str, Any]]], indent: str, *, beside: bool = False) -> list[str]:
    """Lines of YAML: a name and its entries, each on a line of its own or all beside the name."""
    if beside:
        return [f"{indent}{name}: {_line(entries)}" for name, entries in named.items()]
    return [
        line
        for name, entries in named.items()
        for line in (f"{indent}{name}:", *(f"{indent}  - {_line(entry)}" for entry in entries))
    ]


def _line(entry: Any) -> str:
    # By way of JSON, so that an entry that occurs twice is written twice, without YAML's anchors.
    copy = json.loads(json.dumps(entry))
    text = yaml.safe_dump(copy, default_flow_style=True, sort_keys=False, allow_unicode=True, width=sys.maxsize)
    return text.strip()
