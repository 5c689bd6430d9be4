"""Objects out of the text that Helm printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from compliance.model import KubernetesObject

# A document separator may carry a comment: cert-manager's chart writes `---#`.
_SEPARATOR = re.compile(r"^---(?:[ \t#].*)?$", re.MULTILINE)
_BLANK = re.compile(r"\A(?:\s|#[^\n]*(?:\n|\Z))*\Z")


class ManifestError(Exception):
    """Text that is not a Kubernetes object; the message says which template and why."""


def documents(text: str) -> list[str]:
    """The YAML documents of a text that hold more than blanks and comments."""
    return [document for document in _SEPARATOR.split(text) if not _BLANK.match(document)]


def read_object(
    document: str, source: str, parse: Callable[[str], Mapping[str, Any]], parse_error: type[Exception]
) -> KubernetesObject:
    """One object. Raises ManifestError for invalid YAML and for a map that no API server could take."""
    try:
        data = parse(document)
    except parse_error as error:
        raise ManifestError(f"{source}: not valid YAML: {error}") from error
    metadata = data.get("metadata")
    if not data.get("apiVersion") or not data.get("kind") or not isinstance(metadata, Mapping):
        raise ManifestError(f"{source}: not a Kubernetes object: apiVersion, kind and metadata are needed")
    if not metadata.get("name"):
        raise ManifestError(f"{source}: the {data['kind']} has no metadata.name")
    return KubernetesObject(data, source, document)
