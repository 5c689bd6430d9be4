"""A folder of rules small enough to see through: one rule, about the ConfigMap of the tiny chart."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.model import Rendering
from compliance.render.sdk import SdkRenderer
from tests.project import case, tiny_chart

OBSERVES_MAPS = """# METADATA
# title: Maps say tls
# description: >-
#   Maps say tls.
#   Because.
# custom:
#   severity: high
#   kinds: [ConfigMap]
#   remediation: Set tls.
#   parameters: []
package secrets.maps

import rego.v1

observations contains observation if {
	some map in input.resources
	map.kind == "ConfigMap"
	observation := {
		"subject": concat("/", [map.apiVersion, map.kind, "", map.metadata.name]),
		"path": "data.tls",
		"value": map.data.tls,
		"expected": "true",
		"holds": map.data.tls == "true",
		"message": sprintf("tls is %s", [map.data.tls]),
	}
}
"""

EXAMPLES = "bad: [{name: plain, remedy: [], patch: []}]\ngood: [{name: tls, patch: []}]\n"


def policy_files(changes: Mapping[str, str | None] | None = None) -> dict[str, bytes]:
    """The folder's files, some replaced, some (None) removed."""
    files: dict[str, str | None] = {
        "secrets/maps/maps.rego": OBSERVES_MAPS,
        "secrets/maps/examples.yaml": EXAMPLES,
        "data.yaml": "parameters: {}\n",
        **(changes or {}),
    }
    return {name: text.encode() for name, text in files.items() if text is not None}


def render_tiny(**values: object) -> Rendering:
    tiny = tiny_chart()
    rendering = SdkRenderer(tiny).render(case(values, of=tiny))
    assert isinstance(rendering, Rendering)
    return rendering
