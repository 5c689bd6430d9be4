"""Where checkov and our rules say different things of the same object."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.engines.checkov import PREFIX, Check, Difference
from compliance.model import Disagreement, Observation, Rendering, Verdict


@dataclass
class _Seen:
    case: str
    subject: str
    count: int = 0


@dataclass(frozen=True)
class _Verdict:
    """What one engine says of one object, and the paths at which it fails."""

    verdict: Verdict
    paths: tuple[str, ...] = ()


@dataclass
class Agreement:
    """Collects differences over renderings."""

    checks: Sequence[Check]
    _found: dict[tuple[str, str, Verdict, Verdict, str, str, str], _Seen] = field(default_factory=dict)

    def add(self, rendering: Rendering, ours: Iterable[Observation], theirs: Iterable[Observation]) -> None:
        """Compares one rendering's observations, object by object."""
        of_rules = _verdicts(ours)
        of_checks = _verdicts(theirs)
        kinds = {o.id: o.kind for o in rendering.objects}
        for check in self.checks:
            for subject, their in of_checks.get(PREFIX + check.id, {}).items():
                our = of_rules.get(check.rule, {}).get(subject, _Verdict(Verdict.NOT_EXERCISED))
                if _differ(check, our.verdict, their.verdict):
                    known = _known(check, our, their)
                    reason, right = (known.cause, known.right) if known else (check.no_rule, "")
                    key = (check.rule, check.id, our.verdict, their.verdict, kinds[subject], reason, right)
                    seen = self._found.setdefault(key, _Seen(rendering.case.id, subject))
                    seen.count += 1

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Each kind of difference, counted, with its reason if checkov.yaml has one."""
        return tuple(
            Disagreement(rule, id_, ours, theirs, kind, seen.count, seen.case, seen.subject, reason, right)
            for (rule, id_, ours, theirs, kind, reason, right), seen in sorted(self._found.items())
        )


def _verdicts(observations: Iterable[Observation]) -> Mapping[str, Mapping[str, _Verdict]]:
    failing: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for observation in observations:
        paths = failing[observation.rule].setdefault(observation.subject, [])
        if not observation.holds:
            paths.append(observation.path)
    return {
        rule: {
            subject: _Verdict(Verdict.FAILS if paths else Verdict.HOLDS, tuple(paths))
            for subject, paths in subjects.items()
        }
        for rule, subjects in failing.items()
    }


def _differ(check: Check, ours: Verdict, theirs: Verdict) -> bool:
    if theirs is Verdict.FAILS:
        return ours is not Verdict.FAILS
    # A pass of checkov's where no rule looked says nothing: it passes where there is nothing to look at.
    return ours is Verdict.FAILS and not check.asks_less


def _known(check: Check, ours: _Verdict, theirs: _Verdict) -> Difference | None:
    """The first known difference of this direction that explains every place that fails."""
    side, paths = ("ours", ours.paths) if ours.verdict is Verdict.FAILS else ("theirs", theirs.paths)
    for known in check.differences:
        if known.fails == side and all(re.search(known.path, path) for path in paths):
            return known
    return None
