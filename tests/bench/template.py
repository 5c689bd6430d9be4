"""How long `helm template` takes with the stock command line, and what the schema and another version add to it.

`make bench` adds the figures to build/bench.json as `helm_template`, and ends with 1 where a limit is passed. Of some
runs the fastest counts, and shares are of processor time: the rest is waiting for something else on this machine.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from tests.judges.programs import CHART, program, template_arguments
from tests.place import ROOT
from tests.project import chart, rendering

RUNS = 9
# Of wall clock for the whole, of processor time for the share.
LIMITS = {"seconds": 1.0, "schema_seconds": 0.5}
OUT = ROOT / "build" / "bench.json"


def main() -> int:
    figures = measured()
    known: dict[str, Any] = json.loads(OUT.read_text()) if OUT.is_file() else {}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(known | {"helm_template": figures}, indent=1) + "\n")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    passed = over(figures)
    for line in passed:
        print(line, file=sys.stderr)
    return 1 if passed else 0


def measured() -> dict[str, Any]:
    """The figures for the example that renders to most."""
    name = largest()
    arguments = template_arguments([CHART / "examples" / name])
    variants = (arguments, (*arguments, "--skip-schema-validation"), (*arguments, "--set", "image.tag=v1.52.0"))
    runs = [[_timed([str(program("helm")), *map(str, variant)]) for variant in variants] for _ in range(RUNS)]
    plain, without, older = (min(cpu for _, cpu in variant) for variant in zip(*runs, strict=True))
    return {
        "example": name,
        "seconds": round(min(row[0][0] for row in runs), 3),
        "processor_seconds": round(plain, 3),
        "schema_seconds": round(plain - without, 3),
        "older_version_seconds": round(older - plain, 3),
        "runs": RUNS,
        "command": f"helm template spicedb spicedb --values spicedb/examples/{name}",
    }


def over(figures: dict[str, Any]) -> list[str]:
    """The limits that are passed, in sentences."""
    return [f"{name} is {figures[name]}, over {limit}" for name, limit in LIMITS.items() if figures[name] >= limit]


def largest() -> str:
    """The example that renders to most."""
    sizes = {name: sum(len(o.json) for o in rendering(values).objects) for name, values in chart().examples.items()}
    return max(sizes, key=lambda name: (sizes[name], name))


def _timed(command: Sequence[str]) -> tuple[float, float]:
    before, started = _processor_seconds(), perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - started, _processor_seconds() - before


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
