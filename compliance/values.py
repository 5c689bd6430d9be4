"""Values as Helm merges them, paths into them, and names for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(document: Any) -> str:
    """The one JSON text of a document: keys sorted, no blanks."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(document: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and contents of files, whatever order they were read in."""
    return digest({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})


def merge(defaults: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Helm's coalescing of values: maps merge key by key, null removes a key, anything else replaces."""
    merged = dict(defaults)
    for key, value in overrides.items():
        default = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(default, Mapping):
            merged[key] = merge(default, value)
        else:
            merged[key] = value
    return merged


def get(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    found: Any = values
    for key in path.split("."):
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def put(values: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of values with one dotted path set."""
    head, _, rest = path.partition(".")
    changed = dict(values)
    if rest:
        below = changed.get(head)
        changed[head] = put(below if isinstance(below, Mapping) else {}, rest, value)
    else:
        changed[head] = value
    return changed
