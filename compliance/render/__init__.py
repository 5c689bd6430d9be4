"""From a Case to a Rendering, a Refusal or a Failure.

Two renderers stand behind one Protocol: `sdk` renders in process and is fast; `helm` runs the stock command, as a
user's cluster tooling does, and is the judge of the other.
"""

from __future__ import annotations

from typing import Protocol

from compliance.model import Case, Outcome

RELEASE = "spicedb"
NAMESPACE = "authorization"


class Renderer(Protocol):
    """Renders one chart for release `RELEASE` in namespace `NAMESPACE`."""

    @property
    def version(self) -> str:
        """The name and version of the program behind it, for the report."""
        ...

    def render(self, case: Case) -> Outcome:
        """What Helm makes of the case's values, for the case's Kubernetes version."""
        ...
