"""Imports point one way, and only the outermost layer touches the world."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.place import ROOT

# Found by folder, as the program does.
OPERATORS = sorted(path.stem for path in (ROOT / "compliance/mutation/operators").glob("[!_]*.py"))
# From the inside out; a module may import its own layer's neighbours listed before it, and anything further in.
LAYERS = (
    ("errors", "values"),
    (
        "model.cases",
        "model.rules",
        "model.controls",
        "model.evidence",
        "model.scenarios",
        "model.proofs",
        "model.run",
        "model",
        "yaml_files",
    ),
    ("constraints", "policies", "examples"),
    ("chart",),
    ("space.factors", "space.solver", "space.covering", "space.draws", "space.cases", "space"),
    ("render", "render.refusals", "render.manifests", "render.sdk", "render.helm_command"),
    ("engines", "engines.rego", "engines.checkov", "engines.kubernetes_schema"),
    ("locate", "tally", "ledger", "agreement", "frameworks", "controls", "scenarios", "proofs"),
    ("sensitivity", "gates"),
    (
        "mutation",
        "mutation.manifests",
        "mutation.spicedb",
        "mutation.operators",
        *(f"mutation.operators.{name}" for name in OPERATORS),
        "mutation.bases",
        "mutation.mutants",
        "mutation.proof",
        "mutation.record",
        "mutation.listing",
    ),
    ("pipeline",),
    (
        "formats",
        "formats._proofs",
        "formats._view",
        "formats.evidence_v1",
        "formats.html",
        "formats.markdown",
        "summary",
    ),
    ("verification",),
    ("cli",),
    ("reference",),
)
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}
MODULES = {
    path.relative_to(ROOT / "compliance").with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
    for path in (ROOT / "compliance").rglob("*.py")
}


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            inner = name.removeprefix("compliance.")
            if name.startswith("compliance.") and inner in MODULES:
                yield inner


def test_every_module_has_its_layer() -> None:
    assert set(MODULES) - {"__init__"} == set(LEVEL)


def test_no_module_imports_from_a_layer_further_out() -> None:
    wrong = [(module, name) for module in LEVEL for name in _imports(module) if LEVEL[name] > LEVEL[module]]
    assert wrong == []


def test_only_the_command_prints_exits_or_opens_files() -> None:
    outer = {"cli", "reference"}
    calls = {"print", "open", "input", "exit", "quit"}
    methods = {"read_text", "read_bytes", "write_text", "write_bytes", "exit"}
    found = []
    for module in set(MODULES) - outer:
        for node in ast.walk(ast.parse(MODULES[module].read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls:
                found.append((module, node.func.id))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
                found.append((module, node.func.attr))
    # Data that comes with the package is not the user's.
    packaged = {
        ("engines.checkov", "read_text"),
        ("engines.kubernetes_schema", "read_text"),
        ("formats._view", "read_text"),
    }
    assert set(found) - packaged == set()


def test_the_chart_and_the_rules_know_nothing_of_the_framework() -> None:
    naming = [
        path.relative_to(ROOT).as_posix()
        for folder in ("spicedb", "policies")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "compliance" in path.read_text().lower()
    ]
    assert naming == []
