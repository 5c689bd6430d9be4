"""The cluster by hand.

python -m tests.cluster up                 bring it up and leave it up; says how to point tests and kubectl at it
python -m tests.cluster status             say whether one is up, and whose
python -m tests.cluster kubectl get pods   kubectl, of the cluster's own version
python -m tests.cluster down               take it down, whoever brought it up, or what is left of one that was killed
python -m tests.cluster images [PREFIX]    make the images, to be loaded into a cluster of your own
python -m tests.cluster packages           name the Debian packages that the cluster needs
python -m tests.cluster build              build all programs and images, and start nothing
python -m tests.cluster traces             list what a cluster could leave on this machine
python -m tests.cluster scenarios          write the list of scenarios into docs/cluster-tests.md
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from tests.cluster import images
from tests.cluster.node import keeper, needs, trace, up
from tests.cluster.node.layout import BIN, KUBECONFIG
from tests.judges.build import BuildError, build


def _up(_words: Sequence[str]) -> int:
    run = keeper.start()
    print(f"up after {run.up_seconds} s\nexport KUBECONFIG={KUBECONFIG}")
    return 0


def _down(_words: Sequence[str]) -> int:
    begin = time.monotonic()
    there = keeper.stop()
    print(f"down after {time.monotonic() - begin:.1f} s" if there else "there was none")
    return 0


def _status(_words: Sequence[str]) -> int:
    run = keeper.current()
    print(f"{run.sentence()}; it uses {trace.memory() >> 20} MiB of memory" if run else "no cluster is up")
    return 0 if run else 1


def _kubectl(words: Sequence[str]) -> int:
    if not keeper.current():
        raise needs.CannotRunError("no cluster is up: python -m tests.cluster up")
    os.execv(BIN / "kube", ["kube", "kubectl", "--kubeconfig", str(KUBECONFIG), *words])  # noqa: S606


def _images(words: Sequence[str]) -> int:
    for image in images.make(registry=words[0] if words else images.REGISTRY).values():
        print(f"{image.reference}@{image.digest}  {image.archive}")
    return 0


def _packages(_words: Sequence[str]) -> int:
    print(" ".join(needs.packages()))
    return 0


def _build(_words: Sequence[str]) -> int:
    build(["helm", "helm3", *up.PROGRAMS])
    images.make()
    return 0


def _traces(_words: Sequence[str]) -> int:
    print("\n".join(trace.lines()))
    return 0


def _scenarios(_words: Sequence[str]) -> int:
    from tests.cluster.kit import listing  # it imports every scenario, which takes seconds

    listing.PAGE.write_text(listing.page())
    return 0


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "up": _up,
    "down": _down,
    "status": _status,
    "kubectl": _kubectl,
    "images": _images,
    "packages": _packages,
    "build": _build,
    "traces": _traces,
    "scenarios": _scenarios,
}


def main(words: Sequence[str]) -> int:
    """Exit code 2: the command or the machine cannot be used, and standard error says why."""
    if not words or words[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return COMMANDS[words[0]](words[1:])
    except (needs.CannotRunError, BuildError) as error:
        print(f"tests.cluster: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
