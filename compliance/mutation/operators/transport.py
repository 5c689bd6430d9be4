"""Mistakes in TLS: of each listener, of dispatch between pods, of probes, of certificates, of the datastore."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.model import Json
from compliance.mutation.manifests import (
    Change,
    Manifests,
    Spot,
    at,
    entries,
    found,
    setting,
    such,
    with_,
)
from compliance.mutation.operators import Operator
from compliance.mutation.spicedb import containers, has, reset, servers, set_, unset, value

_LISTENERS = {"grpc": "GRPC", "http": "HTTP", "metrics": "METRICS", "dispatch": "DISPATCH_CLUSTER"}
_CA = "SPICEDB_DISPATCH_UPSTREAM_CA_PATH"
_FILE = re.compile(
    r"^(SPICEDB_.*_(TLS_CERT|TLS_KEY|CA|CA_OVERRIDE)_PATH|PGSSLROOTCERT|PGSSLCERT|PGSSLKEY|SSL_CERT_FILE)$"
)
_URI = "SPICEDB_DATASTORE_CONN_URI"
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def _files(container: Json) -> list[str]:
    """The paths that a container's settings say a certificate, key or CA lies at."""
    return [str(entry.get("value")) for entry in container.get("env") or () if _FILE.match(str(entry.get("name")))]


def _bears_files(container: Json, directory: str) -> bool:
    return any(path.startswith(f"{directory}/") for path in _files(container))


def tls_mounts(objects: Manifests) -> Iterator[Spot]:
    """The mounts at which a certificate, key or CA is looked for."""
    for container in containers(objects):
        for mount in container.each("volumeMounts"):
            if _bears_files(container.value, mount.value.get("mountPath", "")):
                yield mount


def tls_volumes(objects: Manifests) -> Iterator[Spot]:
    """The volumes behind those mounts."""
    for container in containers(objects):
        names = {
            mount["name"]
            for mount in container.value.get("volumeMounts") or ()
            if _bears_files(container.value, mount.get("mountPath", ""))
        }
        path = container.path[:-2]
        pod = Spot(container.number, path, found(objects[container.number], path))
        yield from (volume for volume in pod.each("volumes") if volume.value["name"] in names)


def _emptied(volume: Json) -> Json:
    return {"name": volume["name"], "emptyDir": {}}


def _other_items(volume: Json) -> Json | None:
    if not found(volume, ("secret", "secretName")):
        return None
    return with_(volume, ["secret", "items"], [{"key": "other", "path": "other"}])


def probes(objects: Manifests) -> Iterator[Spot]:
    for server in servers(objects):
        for name in _PROBES:
            if server.at(name).value:
                yield server.at(name)


def _without_tls(probe: Json) -> Json | None:
    command = found(probe, ("exec", "command")) or ()
    rest = [word for word in command if not word.startswith("-tls")]
    return with_(probe, ["exec", "command"], rest) if len(rest) < len(command) else None


def _by_kubelet(probe: Json) -> Json | None:
    """Kubernetes' own gRPC probe, which cannot speak TLS."""
    if not any(str(word).startswith("-tls") for word in found(probe, ("exec", "command")) or ()):
        return None
    return {**{key: field for key, field in probe.items() if key != "exec"}, "grpc": {"port": 50051}}


def _postgres(change: Change) -> Change:
    return lambda container: change(container) if has(container, "PGSSLMODE") else None


def _mysql(container: Json) -> Json | None:
    uri = value(container, _URI)
    if not isinstance(uri, str) or "tls=true" not in uri:
        return None
    return reset(_URI, uri.replace("tls=true", "tls=skip-verify"))(container)


def _spanner(container: Json) -> Json | None:
    if value(container, "SPICEDB_DATASTORE_ENGINE") != "spanner":
        return None
    return set_("SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST", "emulator.example.com:9010")(container)


OPERATORS = (
    *(
        Operator(
            f"plaintext-{listener}-without-{word}",
            f"Leave the {words} of the {listener} listener out, which leaves it in plaintext.",
            (f"transport.{listener}_tls",),
            at(servers, unset(f"SPICEDB_{name}_TLS_{flag}_PATH")),
        )
        for listener, name in _LISTENERS.items()
        for word, words, flag in (("certificate", "certificate", "CERT"), ("key", "key", "KEY"))
    ),
    *(
        Operator(
            f"plaintext-{listener}-by-an-empty-path",
            f"Leave the path of the {listener} listener's certificate empty.",
            (f"transport.{listener}_tls",),
            at(servers, reset(f"SPICEDB_{name}_TLS_CERT_PATH", "")),
        )
        for listener, name in _LISTENERS.items()
    ),
    Operator(
        "forget-dispatch-ca",
        "Leave the CA of the dispatch client out, so that it speaks plaintext to a server with TLS.",
        ("transport.dispatch_ca",),
        at(servers, unset(_CA)),
    ),
    Operator(
        "forget-dispatch-address",
        "Leave the address of the peers out, though the dispatch server listens.",
        ("transport.dispatch_ca",),
        at(servers, unset("SPICEDB_DISPATCH_UPSTREAM_ADDR")),
    ),
    Operator(
        "forget-dispatch-server",
        "Leave the switch of the dispatch server out, though the client asks it.",
        ("transport.dispatch_ca",),
        at(such(servers, lambda c: has(c, _CA)), unset("SPICEDB_DISPATCH_CLUSTER_ENABLED")),
    ),
    Operator(
        "probe-without-tls",
        "Probe a listener with TLS in plaintext.",
        ("transport.probe_matches_tls",),
        at(probes, _without_tls),
    ),
    Operator(
        "probe-by-kubelet",
        "Probe a listener with TLS by Kubernetes' own gRPC probe.",
        ("transport.probe_matches_tls",),
        at(probes, _by_kubelet),
    ),
    Operator(
        "mount-certificate-elsewhere",
        "Mount a certificate, key or CA at another path than the setting says.",
        ("transport.tls_material_mounted",),
        at(tls_mounts, setting(mountPath="/etc/elsewhere")),
    ),
    Operator(
        "mount-certificate-by-sub-path",
        "Mount one file of a Secret, which never sees a renewed certificate.",
        ("transport.tls_material_mounted",),
        at(tls_mounts, setting(subPath="tls")),
    ),
    Operator(
        "empty-certificate-volume",
        "Mount an empty directory where a certificate is looked for.",
        ("transport.tls_material_mounted",),
        at(tls_volumes, _emptied),
    ),
    Operator(
        "leave-certificate-out",
        "Bring other keys of a Secret than the one that is looked for.",
        ("transport.tls_material_mounted",),
        at(tls_volumes, _other_items),
    ),
    Operator(
        "misplace-certificate",
        "Look for a certificate, key or CA where nothing is mounted.",
        ("transport.tls_material_mounted",),
        at(
            such(entries(containers, "env"), lambda e: bool(_FILE.match(str(e.get("name")))) and "value" in e),
            setting(value="/nowhere/tls.crt"),
        ),
    ),
    *(
        Operator(
            f"{name}-datastore",
            f"Connect to PostgreSQL or CockroachDB with sslmode {mode}.",
            ("transport.datastore_tls",),
            at(containers, _postgres(reset("PGSSLMODE", mode))),
        )
        for name, mode in (("plaintext", "disable"), ("unverified", "require"), ("unnamed", "verify-ca"))
    ),
    Operator(
        "forget-sslmode",
        "Leave sslmode out, with which drivers fall back to plaintext.",
        ("transport.datastore_tls",),
        at(containers, unset("PGSSLMODE")),
    ),
    Operator(
        "forget-datastore-ca",
        "Leave the CA of the datastore out.",
        ("transport.datastore_tls",),
        at(containers, unset("PGSSLROOTCERT")),
    ),
    Operator(
        "unverified-mysql",
        "Connect to MySQL without verifying it.",
        ("transport.datastore_tls",),
        at(containers, _mysql),
    ),
    Operator(
        "emulated-spanner",
        "Send what is meant for Spanner to an emulator.",
        ("transport.datastore_tls",),
        at(containers, _spanner),
    ),
)
