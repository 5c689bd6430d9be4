"""Derive compliance/engines/custom_kinds from the CustomResourceDefinitions of the projects that have these kinds.

The definitions come from the projects' Go modules, whose content Go's checksum database vouches for. All of them are
under the Apache License 2.0. Prose is left out, and what an API server would silently drop is an error here: an object
with named properties has no others. Rules in CEL are left out too. One file is written by hand, because its project
publishes no usable module.

    python -m tests.judges.crds           rewrites the folder
    python -m tests.judges.crds --check   says what is stale, and exits 1
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "compliance/engines/custom_kinds"

OPERATOR = ("github.com/prometheus-operator/prometheus-operator", "v0.85.0", "example/prometheus-operator-crd")
CERT_MANAGER = ("github.com/cert-manager/cert-manager", "v1.21.2", "deploy/crds")
EXTERNAL_SECRETS = ("github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases")
GATEWAY = ("sigs.k8s.io/gateway-api", "v1.6.3", "config/crd/standard")
KEDA = ("github.com/kedacore/keda/v2", "v2.21.0", "config/crd/bases")
VERTICAL = ("k8s.io/autoscaler/vertical-pod-autoscaler", "v1.8.1", "deploy")

# Kind and version, and where its definition is: module, version, folder, file.
SOURCES: Mapping[tuple[str, str], tuple[str, str, str, str]] = {
    ("ServiceMonitor", "v1"): (*OPERATOR, "monitoring.coreos.com_servicemonitors.yaml"),
    ("PodMonitor", "v1"): (*OPERATOR, "monitoring.coreos.com_podmonitors.yaml"),
    ("PrometheusRule", "v1"): (*OPERATOR, "monitoring.coreos.com_prometheusrules.yaml"),
    ("Certificate", "v1"): (*CERT_MANAGER, "cert-manager.io_certificates.yaml"),
    ("ExternalSecret", "v1"): (*EXTERNAL_SECRETS, "external-secrets.io_externalsecrets.yaml"),
    ("GRPCRoute", "v1"): (*GATEWAY, "gateway.networking.k8s.io_grpcroutes.yaml"),
    ("HTTPRoute", "v1"): (*GATEWAY, "gateway.networking.k8s.io_httproutes.yaml"),
    ("BackendTLSPolicy", "v1"): (*GATEWAY, "gateway.networking.k8s.io_backendtlspolicies.yaml"),
    ("ScaledObject", "v1alpha1"): (*KEDA, "keda.sh_scaledobjects.yaml"),
    ("VerticalPodAutoscaler", "v1"): (*VERTICAL, "vpa-v1-crd-gen.yaml"),
}

# The module proxy refuses this controller's releases: its definition was read in its repository, at the file's tag.
BY_HAND = ("podidentityassociation.json",)


def definitions() -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Each kind and version, and the CustomResourceDefinition as its project publishes it."""
    for (kind, version), (module, release, folder, file) in SOURCES.items():
        documents = yaml.safe_load_all((_module(module, release) / folder / file).read_text())
        (found,) = (document for document in documents if document and document["spec"]["names"]["kind"] == kind)
        yield (kind, version), found


def derived() -> Iterator[tuple[str, str]]:
    """Each file's name and text."""
    for (kind, version), found in definitions():
        module, release, folder, file = SOURCES[kind, version]
        root, definition = _module(module, release), found["spec"]
        (api,) = (v for v in definition["versions"] if v["name"] == version)
        document = {
            "source": f"{module}@{release}/{folder}/{file}",
            "license": "Apache-2.0",
            "apiVersion": f"{definition['group']}/{version}",
            "kind": kind,
            "schema": closed(api["schema"]["openAPIV3Schema"]),
        }
        assert "Apache License" in (root / "LICENSE").read_text()
        yield f"{kind.lower()}.json", json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n"


def by_hand() -> list[dict[str, Any]]:
    """The kinds whose files are written by hand."""
    return [json.loads((FOLDER / name).read_text()) for name in BY_HAND]


def closed(node: Any) -> Any:
    """A schema without prose, in which only named properties exist. The metadata of an object is Kubernetes' own."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key in _PROSE or key.startswith("x-"):
            continue
        kept[key] = {name: closed(child) for name, child in value.items()} if key == "properties" else closed(value)
    is_open = node.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in node
    if "properties" in node and not is_open:
        kept["additionalProperties"] = False
    return kept


_PROSE = ("description", "default", "example", "externalDocs", "title")


def _module(module: str, version: str) -> Path:
    command = ["go", "mod", "download", "-json", f"{module}@{version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(json.loads(done.stdout)["Dir"])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    present = {path.name: path.read_text() for path in FOLDER.glob("*.json")}
    wanted = dict(derived()) | {name: present[name] for name in BY_HAND}
    if parser.parse_args().check:
        stale = sorted(name for name in {*wanted, *present} if wanted.get(name) != present.get(name))
        print("\n".join(f"stale: {name}" for name in stale))
        return 1 if stale else 0
    for name in present.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
