"""Mistakes in which image runs."""

from __future__ import annotations

import re

from compliance.model import Json
from compliance.mutation.manifests import Change, at, containers, setting
from compliance.mutation.operators import Operator

# repository, tag, digest
_IMAGE = re.compile(r"^(.+?)(?::([^:/@]+))?(?:@(.+))?$")


def _image(change: Change) -> Change:
    """A change of an image's repository, tag and digest, as a container has them."""

    def mutate(container: Json) -> Json | None:
        match = _IMAGE.match(str(container.get("image", "")))
        image = change(match.groups(default="")) if match else None
        return None if image is None else setting(image=image)(container)

    return mutate


def _joined(repository: str, tag: str, digest: str) -> str:
    return repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


OPERATORS = (
    Operator(
        "use-latest",
        "Run the tag latest of an image.",
        ("supply_chain.image_tag",),
        at(containers, _image(lambda image: _joined(image[0], "latest", image[2]))),
    ),
    Operator(
        "forget-tag",
        "Name an image without a tag and without a digest.",
        ("supply_chain.image_tag",),
        at(containers, _image(lambda image: image[0])),
    ),
    Operator(
        "forget-digest",
        "Name an image by its tag alone.",
        ("supply_chain.image_digest",),
        at(containers, _image(lambda image: _joined(image[0], image[1], "") if image[2] else None)),
    ),
    Operator(
        "shorten-digest",
        "Cut an image's digest short.",
        ("supply_chain.image_digest",),
        at(containers, _image(lambda image: _joined(image[0], image[1], image[2][:20]) if image[2] else None)),
    ),
    Operator(
        "use-other-registry",
        "Take an image from a registry that nobody listed.",
        ("supply_chain.image_registry",),
        at(containers, _image(lambda image: _joined(f"evil.example.com/{image[0].partition('/')[2]}", *image[1:]))),
    ),
)
