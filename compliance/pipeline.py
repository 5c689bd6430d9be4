"""The program: values space -> cases -> renderings -> observations -> controls -> evidence -> report formats."""

from __future__ import annotations

import dataclasses
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from compliance import ledger
from compliance.agreement import Agreement
from compliance.chart import Chart
from compliance.controls import standing_of
from compliance.engines import Engine, kubernetes_schema
from compliance.engines.checkov import CheckovEngine, asked_checks
from compliance.engines.kubernetes_schema import KubernetesSchemaEngine
from compliance.engines.rego import RegoEngine
from compliance.errors import IncompleteRunError, InputError
from compliance.gates import gates_of
from compliance.locate import Locator
from compliance.model import (
    ConstraintRecord,
    Evidence,
    Failure,
    Framework,
    Inputs,
    MutationEvidence,
    OriginKind,
    Refusal,
    Rendering,
    Rule,
    Run,
    ScenarioEvidence,
)
from compliance.policies import Policies
from compliance.proofs import proofs_of
from compliance.render import Renderer
from compliance.render.sdk import SdkRenderer
from compliance.sensitivity import Sensitivity
from compliance.space.cases import Space, one_file, whole_space
from compliance.space.factors import flags_between
from compliance.tally import Tally
from compliance.values import digest

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Request:
    """What to look at. `values` is a user's own file and its name; None means the whole values space.

    `tests` are the outcomes of scenarios on a real cluster, `mutation` what became of mistakes made on purpose, where
    there are any.
    """

    chart: Chart
    policies: Policies
    frameworks: tuple[Framework, ...]
    profiles: tuple[str, ...]
    values: tuple[str, Mapping[str, Any]] | None
    kubernetes: tuple[str, ...]
    draws: int
    seed: int
    commit: str
    time: str
    tests: ScenarioEvidence | None = None
    mutation: MutationEvidence | None = None


def kubernetes_versions() -> tuple[str, ...]:
    return kubernetes_schema.versions()


def run(request: Request, progress: Progress) -> Run:
    """All stages. Raises InputError for what the user gave, IncompleteRunError when something was not seen."""
    space = cases_of(request)
    renderer = SdkRenderer(request.chart)
    engines = engines_for(request.policies)
    rules = tuple(rule for engine in engines for rule in engine.rules)
    locator = Locator(request.chart)
    tally = Tally(rules, [engine.name for engine in engines], locator.template_line)
    agreement = Agreement(asked_checks())
    judge_all(request.chart, space, renderer, engines, tally, agreement, progress)

    totals = tally.totals(space.duplicates)
    ledger.check(len(space.cases), totals, tally.records, rules)
    ledger.check_tallies(tally.tallies(), tally.records, rules)
    seen = Run(
        inputs=_inputs(request, renderer, engines),
        totals=totals,
        coverage=space.coverage,
        factors=space.factors,
        constraints=_constraints(request.chart, space, tally),
        rules=rules,
        tallies=tally.tallies(),
        groups=tally.groups(),
        frameworks=request.frameworks,
        evidence=_evidence(request.frameworks, tally, Sensitivity(request.chart, tally.records, rules, locator)),
        disagreements=agreement.disagreements(),
        cases=tuple(tally.records),
        gates=(),
        tests=request.tests,
        mutation=request.mutation,
        proofs=proofs_of(rules, tally.tallies(), request.mutation.rules if request.mutation else ()),
    )
    return dataclasses.replace(seen, gates=gates_of(seen))


def rules_of(policies: Policies) -> tuple[Rule, ...]:
    """Every rule whose observations are evidence."""
    return (*policies.rules, kubernetes_schema.RULE)


def engines_for(policies: Policies) -> tuple[Engine, ...]:
    return (RegoEngine(policies), CheckovEngine(), KubernetesSchemaEngine())


def cases_of(request: Request) -> Space:
    """The Cases to try."""
    if request.values is not None:
        name, values = request.values
        return one_file(request.chart, values, name, request.kubernetes)
    return whole_space(request.chart, request.profiles, request.kubernetes, request.draws, request.seed)


def judge_all(
    chart: Chart,
    space: Space,
    renderer: Renderer,
    engines: Sequence[Engine],
    tally: Tally,
    agreement: Agreement,
    progress: Progress,
) -> None:
    """Renders and judges every Case, one at a time.

    Raises IncompleteRunError for Cases that fail to render, InputError for a user's own values that the chart refuses.
    """
    failures = []
    for done, case in enumerate(space.cases, 1):
        outcome = renderer.render(case)
        if isinstance(outcome, Refusal) and case.origin.kind is OriginKind.USER:
            raise InputError(_refusal(outcome))
        if isinstance(outcome, Rendering):
            judgements = {engine.name: engine.judge(outcome) for engine in engines}
            tally.add(outcome, judgements)
            agreement.add(outcome, judgements["rego"].observations, judgements["checkov"].observations)
        else:
            tally.add_unrendered(outcome)
            if isinstance(outcome, Failure):
                failures.append(outcome)
        progress(done, len(space.cases))
    if failures:
        raise IncompleteRunError(_failures(chart, failures))


def _constraints(chart: Chart, space: Space, tally: Tally) -> tuple[ConstraintRecord, ...]:
    refused = Counter(reason.where for record in tally.records for reason in record.reasons)
    return tuple(
        ConstraintRecord(c.id, c.message, c.docs, refused[c.id], tuple(space.probes.get(c.id, ())))
        for c in chart.constraints
    )


def _evidence(frameworks: Sequence[Framework], tally: Tally, sensitivity: Sensitivity) -> tuple[Evidence, ...]:
    rendered = [record for record in tally.records if record.outcome == "rendered"]
    evidence = []
    for framework in frameworks:
        for control in framework.controls:
            for profile in sorted({record.case.profile for record in rendered}):
                standing = standing_of(control, tally.rules, [r for r in rendered if r.case.profile == profile])
                evidence.append(
                    Evidence(
                        control=control,
                        profile=profile,
                        status=standing.status,
                        reason=standing.reason,
                        supporting=standing.supporting,
                        contradicting=standing.contradicting,
                        not_exercised=standing.not_exercised,
                        keys=sensitivity.deciding_keys(control, profile),
                        counterexample=sensitivity.smallest_counterexample(control, profile),
                    )
                )
    return tuple(evidence)


def _inputs(request: Request, renderer: Renderer, engines: Sequence[Engine]) -> Inputs:
    name, values = request.values or ("", {})
    tools = {"renderer": renderer.version, "python": platform.python_version()}
    tools |= {engine.name: engine.version for engine in engines}
    tools |= {library: version(library) for library in ("hypothesis",)}
    return Inputs(
        chart=request.chart.name,
        chart_version=request.chart.version,
        app_version=request.chart.app_version,
        chart_digest=request.chart.digest,
        policies_digest=request.policies.digest,
        frameworks_digest=digest([dataclasses.asdict(framework) for framework in request.frameworks]),
        values_file=name,
        values_digest=digest(values) if name else "",
        kubernetes=request.kubernetes,
        tools=tools,
        seed=request.seed,
        draws=request.draws,
        commit=request.commit,
        time=request.time,
    )


def _failures(chart: Chart, failures: Sequence[Failure]) -> str:
    """The failures with the fewest flags first: they are the easiest to understand."""
    with_flags = [(flags_between(chart, {}, failure.case.values), failure) for failure in failures]
    by_size = sorted(with_flags, key=lambda pair: (len(pair[0]), pair[1].case.id))
    lines = [f"{len(failures)} cases that schema and constraints allow don't render; the smallest:"]
    for flags, failure in by_size[:3]:
        command = ("helm template spicedb CHART --kube-version", failure.case.kubernetes, *flags)
        lines.append(f"  {' '.join(command)}")
        lines.append(f"    {failure.message}")
    return "\n".join(lines)


def _refusal(refusal: Refusal) -> str:
    lines = [f"{refusal.case.origin.detail}: the chart refuses these values:"]
    lines += [f"  {reason.kind} {reason.where or '(top level)'}: {reason.message}" for reason in refusal.reasons]
    return "\n".join(lines)
