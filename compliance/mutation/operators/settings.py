"""Settings that SpiceDB ignores or misreads without a word."""

from __future__ import annotations

import re

from compliance.model import Json
from compliance.mutation.manifests import at, setting, such
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, servers, set_, variables

_OWN = such(variables, lambda entry: str(entry.get("name")).startswith("SPICEDB_"))
_MISREAD = {r"true|false": "yes", r"[0-9]+": "many", r"[0-9.]+(ns|us|ms|s|m|h)": "soon"}


def _mistyped(entry: Json) -> Json:
    name = entry["name"]
    return {**entry, "name": name[:-2] + name[-1] + name[-2] if name[-1] != name[-2] else name + "X"}


def _unreadable(entry: Json) -> Json | None:
    text = str(entry.get("value"))
    wrong = next((other for form, other in _MISREAD.items() if re.fullmatch(form, text)), None)
    return None if wrong is None else {**entry, "value": wrong}


def _unknown_version(container: Json) -> Json | None:
    image, count = re.subn(r":v\d+\.\d+\.\d+", ":v99.0.0", str(container.get("image")))
    return setting(image=image)(container) if count else None


OPERATORS = (
    Operator(
        "mistype-setting",
        "Swap the last two letters of a setting's name.",
        ("workload.known_settings",),
        at(_OWN, _mistyped),
    ),
    Operator(
        "garble-setting",
        "Give a switch, number or duration a value that SpiceDB cannot read.",
        ("workload.known_settings",),
        at(_OWN, _unreadable),
    ),
    Operator(
        "set-what-was-given-up",
        "Set what SpiceDB has given up.",
        ("workload.no_deprecated_settings",),
        at(servers, set_("SPICEDB_DATASTORE_CONN_MAX_OPEN", "20")),
    ),
    Operator(
        "run-unknown-version",
        "Run a version of SpiceDB whose settings nobody has listed.",
        ("workload.known_settings",),
        at(containers, _unknown_version),
    ),
)
