"""Where checkov and our rules say different things of the same object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.engines.checkov import PREFIX, Check
from compliance.model import Disagreement, Observation, Rendering, Verdict


@dataclass
class _Seen:
    case: str
    subject: str
    count: int = 0


@dataclass
class Agreement:
    """Collects differences over renderings."""

    checks: Sequence[Check]
    _found: dict[tuple[str, str, Verdict, Verdict, str], _Seen] = field(default_factory=dict)

    def add(self, rendering: Rendering, ours: Iterable[Observation], theirs: Iterable[Observation]) -> None:
        """Compares one rendering's observations, object by object."""
        of_rules = _verdicts(ours)
        of_checks = _verdicts(theirs)
        kinds = {o.id: o.kind for o in rendering.objects}
        for check in self.checks:
            for subject, their_verdict in of_checks.get(PREFIX + check.id, {}).items():
                our_verdict = of_rules.get(check.rule, {}).get(subject, Verdict.NOT_EXERCISED)
                if _differ(check, our_verdict, their_verdict):
                    key = (check.rule, check.id, our_verdict, their_verdict, kinds[subject])
                    seen = self._found.setdefault(key, _Seen(rendering.case.id, subject))
                    seen.count += 1

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Each kind of difference, counted, with its reason if checkov.yaml has one."""
        by_id = {check.id: check for check in self.checks}
        return tuple(
            Disagreement(rule, id_, ours, theirs, kind, seen.count, seen.case, seen.subject, _reason(by_id[id_], ours))
            for (rule, id_, ours, theirs, kind), seen in sorted(self._found.items())
        )


def _verdicts(observations: Iterable[Observation]) -> Mapping[str, Mapping[str, Verdict]]:
    verdicts: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for observation in observations:
        if not observation.holds:
            verdicts[observation.rule][observation.subject] = Verdict.FAILS
        else:
            verdicts[observation.rule].setdefault(observation.subject, Verdict.HOLDS)
    return verdicts


def _differ(check: Check, ours: Verdict, theirs: Verdict) -> bool:
    if theirs is Verdict.FAILS:
        return ours is not Verdict.FAILS
    # A pass of checkov's where no rule looked says nothing: it passes where there is nothing to look at.
    return ours is Verdict.FAILS and not check.asks_less


def _reason(check: Check, ours: Verdict) -> str:
    if check.no_rule:
        return check.no_rule
    return check.only_ours_fails if ours is Verdict.FAILS else check.only_theirs_fails
