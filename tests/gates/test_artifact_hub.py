"""What Artifact Hub shows of the chart is what the chart is: its annotations in Chart.yaml agree with the rest."""

from __future__ import annotations

import re
from typing import Any

import yaml

from compliance.pipeline import kubernetes_versions
from tests.place import ROOT
from tests.project import chart

METADATA: dict[str, Any] = yaml.safe_load(chart().files["Chart.yaml"])
ANNOTATIONS = {name.removeprefix("artifacthub.io/"): text for name, text in METADATA["annotations"].items()}

# Artifact Hub's own lists: an annotation or a category that it does not know shows nothing, without a word.
KNOWN = {
    "alternativeName", "category", "changes", "containsSecurityUpdates", "crds", "crdsExamples", "images", "license",
    "links", "maintainers", "operator", "operatorCapabilities", "prerelease", "recommendations", "screenshots",
    "signKey",
}  # fmt: skip
CATEGORIES = {
    "ai-machine-learning", "database", "integration-delivery", "monitoring-logging", "networking", "security",
    "storage", "streaming-messaging",
}  # fmt: skip


def test_every_annotation_is_known_and_those_that_matter_are_there() -> None:
    assert set(ANNOTATIONS) - KNOWN == set()
    assert {"category", "changes", "images", "license", "links"} <= set(ANNOTATIONS)
    assert all(isinstance(text, str) for text in ANNOTATIONS.values())
    assert ANNOTATIONS["category"] in CATEGORIES
    assert ANNOTATIONS["prerelease"] == str(METADATA["version"].startswith("0.")).lower()


def test_the_license_is_the_one_that_lies_there() -> None:
    title = " ".join((ROOT / "LICENSE").read_text().split())[: len("Apache License Version 2.0")]
    assert (ANNOTATIONS["license"], title) == ("Apache-2.0", "Apache License Version 2.0")


def test_images_are_those_that_the_values_name() -> None:
    values = chart().defaults
    images = {"spicedb": values["image"], "zed": values["tests"]["image"]}
    named = {name: f"{image['repository']}:{image['tag'] or chart().app_version}" for name, image in images.items()}
    assert {image["name"]: image["image"] for image in yaml.safe_load(ANNOTATIONS["images"])} == named


def test_links_have_a_name_and_an_address() -> None:
    links = yaml.safe_load(ANNOTATIONS["links"])
    assert {frozenset(link) for link in links} == {frozenset(("name", "url"))}
    assert all(link["url"].startswith("https://") for link in links)
    assert set(METADATA["sources"]) <= {link["url"] for link in links}


def test_changes_are_entries_of_the_changelog() -> None:
    section = (ROOT / "CHANGELOG.md").read_text().split("\n## ")[1]
    written = {
        (kind.lower(), " ".join(entry.replace("`", "").split()))
        for kind, entries in re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", section, re.MULTILINE | re.DOTALL)
        for entry in re.findall(r"^- (.*?)(?=^- |\Z)", entries, re.MULTILINE | re.DOTALL)
    }
    changes = [(change["kind"], change["description"]) for change in yaml.safe_load(ANNOTATIONS["changes"])]
    unknown = [(kind, text) for kind, text in changes if not any(k == kind and e.startswith(text) for k, e in written)]
    assert (len(changes) > 0, unknown) == (True, [])


def test_kubernetes_is_taken_from_the_oldest_version_that_is_judged() -> None:
    assert METADATA["kubeVersion"] == f">={kubernetes_versions()[0]}.0-0"
    assert kubernetes_versions()[0] == "1.27"
