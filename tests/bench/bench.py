"""Speed of the whole check, against the plain pipeline, in one run: `make bench` writes build/bench.json.

The plain pipeline is what people run today: for each configuration one `helm template`, one `conftest test` of the
manifests and one `checkov`, each a process of its own. Ratios are taken within this run, on this machine; times of
other machines are not comparable.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from compliance.agreement import Agreement
from compliance.engines.checkov import asked_checks
from compliance.engines.rego import RegoEngine
from compliance.locate import Locator
from compliance.model import Case, Rendering
from compliance.pipeline import engines_for, judge_all, kubernetes_versions
from compliance.render.sdk import SdkRenderer
from compliance.space.cases import Space, whole_space
from compliance.tally import Tally
from tests.judges.programs import POLICIES, as_input, program, template_arguments
from tests.place import ROOT
from tests.project import chart, policies

PLAIN_CONFIGURATIONS = 5
BARE_CONFIGURATIONS = 20
COMMAND = "make bench"
# What all rules together may cost a rendering.
REGO_GOAL_MS = 3


def main() -> None:
    space = whole_space(chart(), chart().profiles, kubernetes_versions(), 100, 1)
    ours_ms, rendered = _ours(space)
    rows = [case for case in space.cases if case.origin.kind == "covering"]
    rego_ms = _rego(rows)
    bare_ms = _bare(rows[:: max(1, len(rows) // BARE_CONFIGURATIONS)][:BARE_CONFIGURATIONS])
    plain_ms = _plain(rows[:: max(1, len(rows) // PLAIN_CONFIGURATIONS)][:PLAIN_CONFIGURATIONS])
    figures = {
        "configurations_per_second": round(1000 / ours_ms, 1),
        "plain_pipeline_ratio": round(plain_ms / ours_ms, 1),
        "bare_render_ratio": round(bare_ms / ours_ms, 2),
        "rego_ms_median": round(rego_ms, 2),
        "rego_ms_goal": REGO_GOAL_MS,
        "rego_goal_met": rego_ms <= REGO_GOAL_MS,
        "rego_rules": len(policies().rules),
        "ten_thousand_seconds": round(ours_ms * 10, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "machine": {
            "cores": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "measured": {
            "milliseconds_per_configuration": round(ours_ms, 2),
            "plain_pipeline_milliseconds": round(plain_ms),
            "bare_render_milliseconds": round(bare_ms, 1),
            "configurations": rendered,
            "refused_beside_them": len(space.cases) - rendered,
            "command": COMMAND,
            "note": "one core; the time for every case of the default run, after loading, by those that render; "
            "ten_thousand_seconds is extrapolated from milliseconds_per_configuration",
        },
    }
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=1) + "\n")
    sys.stdout.write(out.read_text())


def _ours(space: Space) -> tuple[float, int]:
    """Milliseconds a rendered configuration for rendering, judging by all engines and counting; and how many."""
    renderer, engines = SdkRenderer(chart()), engines_for(policies())
    rules = [rule for engine in engines for rule in engine.rules]
    names = [engine.name for engine in engines]
    # Compiling schemas is loading, not checking: one case of each Kubernetes version first.
    firsts = tuple({case.kubernetes: case for case in space.cases if not case.origin.key}.values())
    _judge(Space(firsts, 0, {}, (), ()), renderer, engines, rules, names)
    started = perf_counter()
    rendered = _judge(space, renderer, engines, rules, names)
    return 1000 * (perf_counter() - started) / rendered, rendered


def _judge(space: Space, renderer: SdkRenderer, engines: Any, rules: Any, names: Sequence[str]) -> int:
    tally = Tally(rules, names, Locator(chart()).template_line)
    judge_all(chart(), space, renderer, engines, tally, Agreement(asked_checks()), lambda *_: None)
    return tally.totals(0).rendered


def _rego(rows: Sequence[Case]) -> float:
    """Median milliseconds of processor time of all rules together over one rendering, each for itself."""
    renderer, engine = SdkRenderer(chart()), RegoEngine(policies())
    renderings = [outcome for row in rows if isinstance(outcome := renderer.render(row), Rendering)]
    documents = [json.dumps(as_input(rendering)) for rendering in renderings]
    engine.evaluate(documents[0])
    return statistics.median(1000 * _time(partial(engine.evaluate, document), process_time) for document in documents)


def _bare(rows: Sequence[Case]) -> float:
    """Median milliseconds of one `helm template` process."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_values(Path(folder), row) for row in rows]
        return statistics.median(1000 * _time(partial(_template, file)) for file in files)


def _plain(rows: Sequence[Case]) -> float:
    """Median milliseconds of helm, conftest and checkov, a process each."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_values(Path(folder), row) for row in rows]
        return statistics.median(1000 * _time(partial(_all_three, file)) for file in files)


def _all_three(values: Path) -> None:
    manifest = values.with_suffix(".yaml")
    manifest.write_text(_template(values))
    data = [option for file in sorted(POLICIES.glob("*.yaml")) for option in ("--data", str(file))]
    conftest = [str(program("conftest")), "test", "--policy", str(POLICIES), *data, "--all-namespaces", "--combine"]
    checkov = [str(Path(sys.executable).parent / "checkov"), "--framework", "kubernetes", "--skip-download", "--quiet"]
    environment = os.environ | {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "BC_SKIP_MAPPING": "TRUE"}
    _finished([*conftest, str(manifest)])
    _finished([*checkov, "--file", str(manifest)], environment)


def _template(values: Path) -> str:
    return _finished([str(program("helm")), *template_arguments([values])])


def _finished(command: Sequence[str], environment: dict[str, str] | None = None) -> str:
    """What a command prints; 0 and 1 (findings) are both ends that we expect."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout


def _values(folder: Path, row: Case) -> Path:
    file = folder / f"{row.id}.json"
    file.write_text(json.dumps(dict(row.values)))
    return file


def _time(action: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    started = clock()
    action()
    return clock() - started


if __name__ == "__main__":
    main()
