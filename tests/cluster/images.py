"""Container images made of programs built here, without a container engine.

An image is an OCI layout in a tar archive, with one layer. The same programs give the same bytes, and so the same
digest: files have no times and no owners but root, and nothing is compressed. Archives are kept in the cache, by what
goes into them.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.judges.build import DEFAULT_CACHE, build

# Where an image claims to come from unless told otherwise; nothing is there, and nothing is ever pulled from there.
REGISTRY = "registry.test"

NOBODY = 65532
ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\n"
    f"nonroot:x:{NOBODY}:{NOBODY}:nonroot:/home/nonroot:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nnonroot:x:{NOBODY}:\n",
}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True)
class Recipe:
    """What an image is made of. `programs` says which program lies where; without `tag`, the content is its tag."""

    name: str
    programs: Mapping[str, str]
    entrypoint: Sequence[str]
    title: str
    tag: str = ""
    user: str = str(NOBODY)
    path: str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    files: Mapping[str, str] = field(default_factory=lambda: ACCOUNTS)


def _spicedb(version: str, program: str) -> Recipe:
    """Laid out as the published image, which has nothing in it but these, certificates and accounts."""
    return Recipe(
        name="spicedb",
        tag=version,
        programs={"usr/local/bin/spicedb": program, "usr/local/bin/grpc_health_probe": "grpc_health_probe"},
        entrypoint=["spicedb"],
        title=f"SpiceDB {version} built from its Go module, for tests; not the published image",
    )


RECIPES: Mapping[str, Recipe] = {
    "spicedb": _spicedb("v1.56.0", "spicedb"),
    "spicedb-v1.52.0": _spicedb("v1.52.0", "spicedb-v1.52.0"),
    "zed": Recipe("zed", {"usr/local/bin/zed": "zed"}, ["zed"], "stands in for zed in the chart's test pod"),
    "probe": Recipe("probe", {"usr/local/bin/probe": "probe"}, ["probe"], "what scenarios look through"),
    "coredns": Recipe("coredns", {"coredns": "coredns"}, ["/coredns"], "CoreDNS, for tests"),
    "pause": Recipe("pause", {"pause": "pause"}, ["/pause"], "holds a pod's namespaces", files={}),
}


@dataclass(frozen=True)
class Image:
    """An image that was made: `reference` has no digest, `archive` is the file to load it from."""

    reference: str
    digest: str
    title: str
    archive: Path

    @property
    def name(self) -> str:
        return self.repository.rpartition("/")[2]

    @property
    def repository(self) -> str:
        return self.reference.rpartition(":")[0]

    @property
    def tag(self) -> str:
        return self.reference.rpartition(":")[2]


def make(
    names: Sequence[str] = tuple(RECIPES), registry: str = REGISTRY, cache: Path = DEFAULT_CACHE
) -> dict[str, Image]:
    """Make the named images, building what they hold if need be."""
    wanted = {program for name in names for program in RECIPES[name].programs.values()}
    programs = build(sorted(wanted), cache)
    return {name: make_one(RECIPES[name], programs, registry, cache) for name in names}


def make_one(recipe: Recipe, programs: Mapping[str, Path], registry: str, cache: Path) -> Image:
    # A program's path names it by content, so the programs need not be read to know whether an image is there.
    parts = [asdict(recipe), {path: str(programs[name]) for path, name in recipe.programs.items()}, registry]
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
    archive = cache.resolve() / "images" / key / f"{recipe.name}.tar"
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".unfinished-") as scratch:
            unfinished = Path(scratch) / archive.name
            _write(unfinished, recipe, programs, registry)
            unfinished.replace(archive)
    index = _read_index(archive)["manifests"][0]
    return Image(index["annotations"]["io.containerd.image.name"], index["digest"], recipe.title, archive)


def _write(archive: Path, recipe: Recipe, programs: Mapping[str, Path], registry: str) -> None:
    with tempfile.TemporaryFile(dir=archive.parent) as layer:
        _write_layer(layer, recipe, programs)
        layer_digest, layer_size = _digest(layer), layer.seek(0, os.SEEK_END)
        config = _json(
            {
                "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
                "os": "linux",
                "config": {
                    "Entrypoint": list(recipe.entrypoint),
                    "Env": [f"PATH={recipe.path}"],
                    "User": recipe.user,
                    "Labels": {"org.opencontainers.image.title": recipe.title},
                },
                "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
            }
        )
        manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": _descriptor(CONFIG, config),
                "layers": [{"mediaType": LAYER, "digest": layer_digest, "size": layer_size}],
            }
        )
        described = _descriptor(MANIFEST, manifest)
        tag = recipe.tag or described["digest"].removeprefix("sha256:")[:12]
        repository = f"{registry}/{recipe.name}"
        # Once under its tag, and once for those who ask by digest.
        names = (f"{repository}:{tag}", f"{repository}@{described['digest']}")
        index = {
            "schemaVersion": 2,
            "mediaType": INDEX,
            "manifests": [described | {"annotations": {"io.containerd.image.name": name}} for name in names],
        }
        with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as tar:
            _add(tar, "index.json", _json(index))
            _add(tar, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
            _add(tar, _blob(described["digest"]), manifest)
            _add(tar, _blob(_descriptor(CONFIG, config)["digest"]), config)
            layer.seek(0)
            tar.addfile(_entry(_blob(layer_digest), layer_size, 0o644), layer)


def _write_layer(layer: IO[bytes], recipe: Recipe, programs: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=layer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        contents = sorted((*recipe.files, *recipe.programs))
        folders = {str(parent) for name in contents for parent in Path(name).parents} - {"."}
        for folder in sorted(folders | {"tmp"}):
            entry = _entry(folder, 0, 0o1777 if folder == "tmp" else 0o755)
            entry.type = tarfile.DIRTYPE
            tar.addfile(entry)
        for name in contents:
            if name in recipe.files:
                _add(tar, name, recipe.files[name].encode())
                continue
            with programs[recipe.programs[name]].open("rb") as program:
                tar.addfile(_entry(name, os.fstat(program.fileno()).st_size, 0o755), program)


def _entry(name: str, size: int, mode: int) -> tarfile.TarInfo:
    """A tar entry of root's from the beginning of time, as TarInfo is by default."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, mode
    return entry


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_entry(name, len(content), 0o644), io.BytesIO(content))


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(1 << 20):
        digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _read_index(archive: Path) -> Any:
    with tarfile.open(archive) as tar:
        file = tar.extractfile("index.json")
        assert file is not None
        return json.load(file)
