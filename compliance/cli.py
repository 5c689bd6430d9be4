"""The `compliance` command. Only here is anything printed, opened or exited with."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Any

import helm_python
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from compliance import __version__, formats, pipeline, summary, verification
from compliance.chart import Chart, read_chart
from compliance.controls import check_mappings, read_framework
from compliance.errors import IncompleteRunError, InputError
from compliance.model import Framework, MutationEvidence, ScenarioEvidence
from compliance.mutation import listing, operators, proof, record
from compliance.policies import Policies, read_policies
from compliance.scenarios import read_outcomes

OK, FINDINGS, BAD_INPUT, INCOMPLETE = 0, 1, 2, 3

_EXIT_CODES = """exit codes:
  0  all gates hold
  1  a gate fell: the report says which and where to look
  2  the command or what it was given can't be used; no report
  3  the run is incomplete or does not add up; no report
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    action: Callable[[argparse.Namespace], int] = options.action
    try:
        return action(options)
    except InputError as error:
        return _stopped(BAD_INPUT, "can't run", str(error))
    except IncompleteRunError as error:
        return _stopped(INCOMPLETE, "incomplete", str(error))
    except KeyboardInterrupt:
        return _stopped(INCOMPLETE, "incomplete", "interrupted")
    except Exception:
        return _stopped(INCOMPLETE, "incomplete", f"an error of this program:\n{traceback.format_exc()}")


def _stopped(code: int, what: str, why: str) -> int:
    print(f"compliance: {what}: {why}\nNo report was written.", file=sys.stderr)
    return code


def _run(options: argparse.Namespace) -> int:
    out = Path(options.out)
    # Before anything can go wrong: what an earlier run wrote must not be taken for this one's.
    _remove_reports(out)
    request = _request(options)
    started = perf_counter()
    with _progress() as progress:
        run = pipeline.run(request, progress)
    seconds = perf_counter() - started
    written = _write(out, formats.render_all(run))
    print(summary.of_run(run))
    print(f"\n{run.totals.generated} cases in {seconds:.1f} s, {1000 * seconds / run.totals.generated:.1f} ms each")
    print("reports: " + ", ".join(str(out / name) for name in written))
    return OK if all(gate.holds for gate in run.gates) else FINDINGS


def _verify(options: argparse.Namespace) -> int:
    evidence = verification.read_evidence(_read_file(Path(options.evidence)).decode(), options.evidence)
    chart, policies = _chart(options), _policies(options)
    with _progress() as progress:
        result = verification.verify(
            evidence, chart, policies, _frameworks(policies, ""), options.control, options.case, options.rule, progress
        )
    print(result.text)
    return OK if result.agrees else FINDINGS


def _mutate(options: argparse.Namespace) -> int:
    out = Path(options.out)
    # Before anything can go wrong: what an earlier run wrote must not be taken for this one's.
    out.unlink(missing_ok=True)
    chart, policies = _chart(options), _policies(options)
    started = perf_counter()
    with _progress("judged", "mutants") as progress:
        score = proof.mutate(
            chart,
            policies,
            _frameworks(policies, ""),
            operators.discover(),
            pipeline.kubernetes_versions(),
            progress,
        )
    gates = proof.gates_of(score, options.minimum)
    _write_file(out, record.write(score, gates, chart, policies))
    print("\n".join(record.lines(score, gates)))
    print(f"\n{len(score.mutants)} mutants in {perf_counter() - started:.1f} s; {out}")
    return OK if all(gate.holds for gate in gates) else FINDINGS


def _rules(options: argparse.Namespace) -> int:
    policies = _policies(options)
    measured = _mutation(options.mutation, _chart(options), policies) if options.mutation else None
    entries = listing.entries(pipeline.rules_of(policies), _frameworks(policies, ""), measured)
    print(listing.as_json(entries) if options.format == "json" else listing.as_text(entries, measured))
    return OK


def _request(options: argparse.Namespace) -> pipeline.Request:
    chart, policies = _chart(options), _policies(options)
    profiles = tuple(options.profile or chart.profiles)
    if unknown := [profile for profile in profiles if profile not in chart.profiles]:
        raise InputError(f"--profile {unknown[0]}: the chart has {', '.join(chart.profiles)}")
    values = (Path(options.values).name, _values(Path(options.values))) if options.values else None
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not epoch.isdigit():
        raise InputError(f"SOURCE_DATE_EPOCH must be seconds since 1970, not '{epoch}'")
    return pipeline.Request(
        chart=chart,
        policies=policies,
        frameworks=_frameworks(policies, options.frameworks),
        profiles=profiles,
        values=values,
        kubernetes=pipeline.kubernetes_versions(),
        draws=options.draws,
        seed=options.seed,
        commit=options.commit,
        time=datetime.fromtimestamp(int(epoch), UTC).isoformat() if epoch else "",
        tests=_tests(options.tests, chart) if options.tests else None,
        mutation=_mutation(options.mutation, chart, policies) if options.mutation else None,
    )


def _tests(file: str, chart: Chart) -> ScenarioEvidence:
    return read_outcomes(_read_file(Path(file)).decode(errors="replace"), file, chart.digest)


def _mutation(file: str, chart: Chart, policies: Policies) -> MutationEvidence:
    return record.read(_read_file(Path(file)).decode(errors="replace"), file, chart, policies)


def _chart(options: argparse.Namespace) -> Chart:
    return read_chart(_folder(options.chart, "--chart"))


def _policies(options: argparse.Namespace) -> Policies:
    return read_policies(_folder(options.policies, "--policies"))


def _folder(name: str, option: str) -> dict[str, bytes]:
    if not Path(name).is_dir():
        raise InputError(f"{option} {name}: no such folder")
    return read_tree(Path(name))


def _frameworks(policies: Policies, wanted: str) -> tuple[Framework, ...]:
    """The frameworks asked for, all of them if none is; every one is checked either way."""
    folder = files("compliance.frameworks")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    known = {f.id: f for f in (read_framework((folder / name).read_text(), f"frameworks/{name}") for name in names)}
    check_mappings(known.values(), policies.rules)
    ids = [id_.strip() for id_ in wanted.split(",") if id_.strip()] or list(known)
    if unknown := [id_ for id_ in ids if id_ not in known]:
        raise InputError(f"--frameworks {unknown[0]}: there are {', '.join(known)}")
    return tuple(known[id_] for id_ in ids)


def _values(path: Path) -> Mapping[str, Any]:
    text = _read_file(path).decode(errors="replace")
    try:
        return helm_python.values_from_yaml(text)
    except helm_python.HelmValuesError as error:
        raise InputError(f"{path}: not a values file: {error}") from error


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path from there. Raises InputError for one that can't be read."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _read_file(path) for path in found}


def _remove_reports(out: Path) -> None:
    frameworks = tuple(
        entry.name.removesuffix(".yaml")
        for entry in files("compliance.frameworks").iterdir()
        if entry.name.endswith(".yaml")
    )
    for name in formats.file_names(frameworks):
        (out / name).unlink(missing_ok=True)


def _write(out: Path, reports: Iterator[tuple[str, bytes]]) -> list[str]:
    """All files or none: they are written beside their places first; evidence.json moves last, when all is there."""
    partial = out / ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for name, data in reports:
            (partial / name).write_bytes(data)
        names = sorted((path.name for path in partial.iterdir()), key=lambda name: (name == "evidence.json", name))
        for name in names:
            (partial / name).replace(out / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return sorted(names)


def _write_file(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(data)
    partial.replace(path)


@contextmanager
def _progress(what: str = "rendered and checked", of: str = "cases") -> Iterator[pipeline.Progress]:
    """A bar on a terminal, a line each tenth of the way elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: _plain_lines(f"{what} {done} of {total} {of}", done, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"{what} {of}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_lines(line: str, done: int, total: int) -> None:
    if done == total or done % max(1, total // 10) == 0:
        print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compliance",
        description="Evidence for SOC 2 and PCI DSS from every configuration of a Helm chart.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"compliance {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_verify(commands)
    _add_mutate(commands)
    _add_rules(commands)
    return parser


def _add_run(commands: Any) -> None:
    run = commands.add_parser(
        "run",
        help="render and check the chart's values space, or one values file, and write the reports",
        epilog="examples:\n"
        "  compliance run\n"
        "  compliance run --values prod.yaml --out review\n"
        "  compliance run --profile production --frameworks pci_dss_4_0_1\n"
        "  compliance run --tests build/cluster/outcomes.jsonl\n\n" + _EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(run)
    run.add_argument("--values", metavar="FILE", help="look at exactly this values file instead of the whole space")
    run.add_argument("--profile", action="append", help="only this profile of the chart; may be repeated")
    run.add_argument("--frameworks", default="", metavar="IDS", help="comma-separated; all if left out")
    run.add_argument(
        "--tests",
        default="",
        metavar="FILE",
        help="outcomes of scenarios on a cluster, from make cluster-test",
    )
    _add_mutation(run)
    run.add_argument("--out", default="reports", metavar="FOLDER", help="where reports go (default: %(default)s)")
    run.add_argument("--draws", type=_count, default=100, help="random draws a profile (default: %(default)s)")
    run.add_argument("--seed", type=_count, default=1, help="for rows and draws (default: %(default)s)")
    run.add_argument("--commit", default="", help="what to name as the commit that was looked at")
    run.set_defaults(action=_run)


def _add_verify(commands: Any) -> None:
    verify = commands.add_parser(
        "verify",
        help="re-perform what an evidence.json claims, from the same inputs",
        epilog="examples:\n"
        "  compliance verify reports/evidence.json\n"
        "  compliance verify reports/evidence.json --control soc2:CC6.6\n"
        "  compliance verify reports/evidence.json --case 0f3a… --rule network.pods_selected\n\n"
        "exit codes: 0 everything is as claimed; 1 something differs; 2 and 3 as for run\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(verify)
    verify.add_argument("evidence", metavar="EVIDENCE", help="an evidence.json that `compliance run` wrote")
    verify.add_argument("--control", default="", metavar="FRAMEWORK:ID", help="only this control")
    verify.add_argument(
        "--case", default="", metavar="ID", help="only this case; the first digits of its id are enough"
    )
    verify.add_argument("--rule", default="", metavar="ID", help="print this rule's observations")
    verify.set_defaults(action=_verify)


def _add_mutate(commands: Any) -> None:
    mutate = commands.add_parser(
        "mutate",
        help="make mistakes in passing renderings of the chart, and see which rules notice",
        epilog="examples:\n"
        "  compliance mutate\n"
        "  compliance mutate --chart mychart --policies mypolicies --minimum 90\n"
        "  compliance mutate && compliance run --mutation build/mutation.json\n\n"
        "exit codes: 0 enough mistakes are seen and every rule is proven; 1 not so; 2 and 3 as for run\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(mutate)
    mutate.add_argument("--out", default="build/mutation.json", metavar="FILE", help="default: %(default)s")
    mutate.add_argument(
        "--minimum", type=_percentage, default=95, metavar="PERCENT", help="mistakes to be seen (default: %(default)s)"
    )
    mutate.set_defaults(action=_mutate)


def _add_rules(commands: Any) -> None:
    rules = commands.add_parser(
        "rules",
        help="list the rules with severity, controls and how each is proven",
        epilog="examples:\n  compliance rules\n  compliance rules --mutation build/mutation.json --format json\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(rules)
    _add_mutation(rules)
    rules.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    rules.set_defaults(action=_rules)


def _add_mutation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mutation", default="", metavar="FILE", help="what compliance mutate wrote: proofs of the rules"
    )


def _percentage(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("must be from 0 to 100")
    return number


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--chart", default="spicedb", metavar="FOLDER", help="the chart (default: %(default)s)")
    parser.add_argument("--policies", default="policies", metavar="FOLDER", help="the rules (default: %(default)s)")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


if __name__ == "__main__":
    sys.exit(main())
