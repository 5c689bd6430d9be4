from __future__ import annotations

import pytest

from compliance.locate import Locator
from compliance.model import Observation
from tests.project import chart, production, rendering

LOCATOR = Locator(chart())
RENDERING = rendering(production())
DEPLOYMENT = "apps/v1/Deployment/authorization/spicedb"


def _line(path: str, subject: str = DEPLOYMENT) -> str:
    place = LOCATOR.template_line(RENDERING, Observation("a.rule", subject, path, None, None, False, ""))
    name, _, line = place.partition(":")
    return chart().files[name].decode().splitlines()[int(line) - 1].strip()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("spec.replicas", "replicas: {{ int .Values.config.replicas }}"),
        ("spec.template.spec.securityContext.runAsNonRoot", "runAsNonRoot: true"),
        ("spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem", "readOnlyRootFilesystem: true"),
        ("spec.template.spec.containers[0].image", 'image: {{ include "spicedb.image" . | quote }}'),
        ("spec.template.spec.containers[0].securityContext.procMount", "securityContext:"),
        ("spec.template.spec.volumes[0].secret.secretName", "secretName: {{ .name | quote }}"),
    ],
)
def test_a_path_leads_to_the_template_line_that_prints_it_or_its_parent(path: str, line: str) -> None:
    assert _line(path) == line


def test_a_line_of_values_alone_is_found_where_no_other_prints_the_same() -> None:
    with_secret = rendering({"secretData": {"presharedKey": "k" * 32}})
    (secret,) = (o for o in with_secret.objects if o.kind == "Secret")
    found = Observation("a.rule", secret.id, "data.preshared_key", None, None, False, "")
    assert LOCATOR.template_line(with_secret, found).startswith("templates/_secret")


def test_like_lines_are_told_apart_by_their_neighbours() -> None:
    path = "spec.template.spec.securityContext.runAsNonRoot"
    pod = LOCATOR.template_line(RENDERING, Observation("a", DEPLOYMENT, path, None, None, False, ""))
    path = "spec.template.spec.containers[0].securityContext.runAsNonRoot"
    container = LOCATOR.template_line(RENDERING, Observation("a", DEPLOYMENT, path, None, None, False, ""))
    assert pod.startswith("templates/_pod.tpl:")
    assert container.startswith("templates/_pod.tpl:")
    assert int(pod.rpartition(":")[2]) < int(container.rpartition(":")[2])


def test_a_key_leads_to_its_line_of_the_values_file() -> None:
    place = LOCATOR.values_line("networkPolicy.enabled")
    line = chart().files["values.yaml"].decode().splitlines()[int(place.removeprefix("values.yaml:")) - 1]
    assert line.strip() == "enabled: true"
    assert LOCATOR.values_line("no.such.key") == "values.yaml"
