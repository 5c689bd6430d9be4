from __future__ import annotations

import pytest

from compliance.errors import InputError
from compliance.model import Case, Failure, Origin, OriginKind, Reason, ReasonKind, Refusal, Rendering
from compliance.render.manifests import documents
from compliance.render.refusals import constraint_reasons
from compliance.render.sdk import SdkRenderer
from tests.project import NEWEST, tiny_chart


def _case(**values: object) -> Case:
    return Case(values, NEWEST, "development", Origin(OriginKind.USER, "test"))


def test_objects_come_with_their_template_and_their_text() -> None:
    rendering = SdkRenderer(tiny_chart()).render(_case(replicas=2))
    assert isinstance(rendering, Rendering)
    (found,) = rendering.objects
    assert found.id == "v1/ConfigMap//web"
    assert found.source == "templates/map.yaml"
    assert found.data["data"] == {"replicas": "2", "tls": "false"}
    assert rendering.documents == 1


def test_equal_objects_have_equal_digests_whatever_the_values() -> None:
    renderer = SdkRenderer(tiny_chart())
    first, second = renderer.render(_case()), renderer.render(_case(notes={"a": "b"}))
    assert isinstance(first, Rendering)
    assert isinstance(second, Rendering)
    assert first.digest == second.digest
    assert first.case.id != second.case.id


def test_an_unknown_key_is_refused_by_the_schema() -> None:
    refusal = SdkRenderer(tiny_chart()).render(_case(replcias=2))
    assert isinstance(refusal, Refusal)
    (reason,) = refusal.reasons
    assert (reason.kind, reason.where) == (ReasonKind.SCHEMA, "")
    assert "'replcias' was unexpected" in reason.message


def test_every_broken_constraint_refuses() -> None:
    refusal = SdkRenderer(tiny_chart()).render(_case(profile="production", replicas=3))
    assert isinstance(refusal, Refusal)
    assert refusal.reasons == (
        Reason(ReasonKind.CONSTRAINT, "production-needs-tls", "Set tls to true. (see README.md#tls)"),
        Reason(ReasonKind.CONSTRAINT, "many-need-tls", "Set tls to true, or replicas to 2. (see README.md#tls)"),
    )


def test_a_refusal_of_a_template_is_a_refusal_not_a_failure() -> None:
    template = '{{ fail "refused by 1 constraint:\\n\\n  [name-is-short] Shorten name." }}'
    refusal = SdkRenderer(tiny_chart(templates__guard_yaml=template)).render(_case())
    assert isinstance(refusal, Refusal)
    assert refusal.reasons == (Reason(ReasonKind.CONSTRAINT, "name-is-short", "Shorten name."),)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ .Values.name.first }}", "tiny/templates/map.yaml:1:10"),
        ("a: [", "templates/map.yaml: not valid YAML"),
        ("- a", "templates/map.yaml: not valid YAML"),
        ("kind: ConfigMap", "templates/map.yaml: not a Kubernetes object"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {}}", "the ConfigMap has no metadata.name"),
    ],
)
def test_a_template_that_makes_no_object_is_a_failure_that_names_it(template: str, message: str) -> None:
    failure = SdkRenderer(tiny_chart(templates__map_yaml=template)).render(_case())
    assert isinstance(failure, Failure)
    assert message in failure.message


def test_an_object_rendered_twice_is_a_failure() -> None:
    twice = tiny_chart().files["templates/map.yaml"].decode()
    failure = SdkRenderer(tiny_chart(templates__again_yaml=twice)).render(_case())
    assert isinstance(failure, Failure)
    assert failure.message == "templates/map.yaml: v1/ConfigMap//web is rendered twice (also by templates/again.yaml)"


def test_a_chart_that_helm_can_not_load_is_bad_input() -> None:
    with pytest.raises(InputError, match="Helm can't load the chart 'tiny'"):
        SdkRenderer(tiny_chart(Chart_yaml="name: tiny"))


def test_documents_are_counted_without_blanks_and_comments() -> None:
    text = "# a comment\n---\n\n---# another\na: 1\n---\n# Source: x\nb: '---'\n"
    assert documents(text) == ["\na: 1\n", "\n# Source: x\nb: '---'\n"]


def test_helm_s_own_words_around_a_refusal_are_left_out() -> None:
    error = (
        "Error: execution error at (spicedb/templates/guards.yaml:1:4): refused by 2 constraints:\n\n"
        "  [first-one] Set a.\n\n  [second] Set b.\n\nUse --debug flag to render out invalid YAML\n"
    )
    assert [(reason.where, reason.message) for reason in constraint_reasons(error)] == [
        ("first-one", "Set a."),
        ("second", "Set b."),
    ]


def test_other_errors_are_no_refusal() -> None:
    assert constraint_reasons("Error: parse error at [line 1]") == ()
