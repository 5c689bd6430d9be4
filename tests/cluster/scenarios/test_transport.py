"""TLS as clients meet it: on every listener, with names and authority verified, and renewed while requests flow."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from tests.cluster.kit.load import Load
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import Release, install
from tests.cluster.kit.scenario import repeated, scenario
from tests.cluster.kit.values import on_postgres, with_dispatch, with_tls
from tests.cluster.pki import Authority, authority
from tests.cluster.services.postgres import Database

TIMEOUT = 10.0
# SpiceDB looks at its certificate's files each minute, and the kubelet writes them some seconds after the Secret.
RENEWED_WITHIN = 120.0


def listeners(namespace: Namespace) -> dict[str, tuple[int, str]]:
    """Each listener's port, and the name that its certificate must be valid for."""
    service = f"spicedb.{namespace.name}.svc"
    return {
        "gRPC": (50051, service),
        "HTTP": (8443, service),
        "metrics": (9090, service),
        "dispatch": (50053, f"spicedb-headless.{namespace.name}"),
    }


@scenario(
    "transport.every-listener",
    "Each listener shows a certificate of the right name and authority, speaks TLS 1.2 or later and no plaintext",
)
def test_every_listener_speaks_verified_tls_only(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values, root = with_tls(
        namespace, with_dispatch(namespace, on_postgres(namespace, database, config__http__enabled=True))
    )
    release = install(namespace, values).ready()
    stranger = authority("stranger").certificate
    seen: dict[str, tuple[str, ...]] = {}
    for name, (port, host) in listeners(namespace).items():
        with release.forwarded(release.pods()[0]["metadata"]["name"], port) as forwarded:
            seen[name] = (
                handshake(forwarded, root, host),
                handshake(forwarded, stranger, host),
                handshake(forwarded, root, "elsewhere.example"),
                handshake(forwarded, root, host, ssl.TLSVersion.TLSv1_1),
                plaintext(forwarded),
            )
    recorder.count(listeners=len(seen), plaintext_refused=sum(answers[-1] == "refused" for answers in seen.values()))
    assert {name: answers[0] for name, answers in seen.items()} == dict.fromkeys(seen, "verified")
    assert {name: answers[2:] for name, answers in seen.items()} == dict.fromkeys(
        seen, ("Hostname mismatch", "no TLS", "refused")
    )
    assert all("certificate" in answers[1] for answers in seen.values()), seen


@scenario("transport.http-gateway", "The HTTP gateway answers as gRPC does, over TLS, and to nobody without the key")
def test_the_http_gateway_answers_over_tls(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values, root = with_tls(namespace, on_postgres(namespace, database, config__http__enabled=True))
    release = install(namespace, values).ready()
    assert release.answers_rightly(authority=root)
    answers = {user: ask(release, root, user, release.token()) for user in ("1", "2")}
    recorder.count(asked=len(answers) + 1)
    assert answers == {
        "1": (200, "PERMISSIONSHIP_HAS_PERMISSION"),
        "2": (200, "PERMISSIONSHIP_NO_PERMISSION"),
    }
    status, _ = ask(release, root, "1", "not-the-key")
    assert status in (401, 403)


@repeated
@scenario(
    "transport.renewal",
    "gRPC's and dispatch's certificates are renewed without a restart, and no request fails meanwhile",
)
def test_certificates_are_renewed_without_a_restart(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    root = authority("renewing")
    values, _ = with_tls(namespace, with_dispatch(namespace, on_postgres(namespace, database)))
    issue(namespace, root)
    release = install(namespace, values).ready()
    with doors(release) as opened:
        before = serials(opened, namespace, root)
        with release.load(namespace.probe(), authority=root.certificate) as load, load.during("renewal"):
            issue(namespace, root)
            namespace.until(
                "new certificates", lambda: not before & serials(opened, namespace, root), within=RENEWED_WITHIN
            )
    judged(load, recorder)
    pods = release.pods()
    assert (len(pods), namespace.restarts(pods)) == (2, 0)


def issue(namespace: Namespace, root: Authority) -> None:
    """New certificates for both Secrets, from the same authority, as cert-manager renews them."""
    service, headless = f"spicedb.{namespace.name}", f"spicedb-headless.{namespace.name}"
    namespace.tls_secret("server-tls", root.issue("spicedb", ["spicedb", service, f"{service}.svc"]), root)
    namespace.tls_secret("dispatch-tls", root.issue("dispatch", [headless]), root)


def judged(load: Load, recorder: Recorder) -> None:
    report = load.report()
    recorder.count(**report.during("renewal").counts())
    recorder.time(**report.during("renewal").times())
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


@contextmanager
def doors(release: Release) -> Iterator[list[tuple[str, int]]]:
    """gRPC and dispatch of each pod, forwarded: the listener and the port of this machine."""
    with ExitStack() as stack:
        yield [
            (listener, stack.enter_context(release.forwarded(pod["metadata"]["name"], port)))
            for pod in release.pods()
            for listener, (port, _) in listeners(release.namespace).items()
            if listener in ("gRPC", "dispatch")
        ]


def serials(opened: Iterable[tuple[str, int]], namespace: Namespace, root: Authority) -> set[tuple[str, str]]:
    """The serial numbers that are shown there, by listener."""
    context = ssl.create_default_context(cadata=root.certificate)
    found = set()
    for listener, port in opened:
        _, host = listeners(namespace)[listener]
        with connection(port) as plain, context.wrap_socket(plain, server_hostname=host) as secured:
            certificate = secured.getpeercert() or {}
        found.add((listener, str(certificate["serialNumber"])))
    return found


def connection(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


def handshake(port: int, root: str, name: str, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> str:
    """`verified`, or why a client that trusts the authority for the name goes away."""
    context = ssl.create_default_context(cadata=root)
    context.set_alpn_protocols(["h2", "http/1.1"])
    if newest < ssl.TLSVersion.TLSv1_2:
        # Python's own floor would refuse first.
        context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the versions that must be refused
        context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
        context.maximum_version = newest
    try:
        with connection(port) as plain, context.wrap_socket(plain, server_hostname=name):
            return "verified"
    except ssl.SSLCertVerificationError as error:
        message = error.verify_message
        return "Hostname mismatch" if "Hostname mismatch" in message else message
    except (ssl.SSLError, ConnectionError):
        return "no TLS"


def plaintext(port: int) -> str:
    """`refused`, or what a listener says to HTTP without TLS that is of use to anybody."""
    with connection(port) as plain:
        plain.sendall(b"GET /metrics HTTP/1.1\r\nHost: spicedb\r\n\r\n")
        try:
            answer = plain.recv(4096)
        except ConnectionError:
            return "refused"
    # Go says so in plain text to who speaks HTTP to a TLS port.
    return "refused" if answer == b"" or b" 400 " in answer.split(b"\r\n")[0] or answer[:1] == b"\x15" else repr(answer)


def ask(release: Release, root: str, user: str, token: str) -> tuple[int, str]:
    """What the gateway answers of document:1#view@user: status and permissionship."""
    port, host = listeners(release.namespace)["HTTP"]
    body = {
        "consistency": {"fullyConsistent": True},
        "resource": {"objectType": "document", "objectId": "1"},
        "permission": "view",
        "subject": {"object": {"objectType": "user", "objectId": user}},
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with release.forwarded(release.pods()[0]["metadata"]["name"], port) as forwarded:
        asking = http.client.HTTPSConnection(host, timeout=TIMEOUT)
        context = ssl.create_default_context(cadata=root)
        asking.sock = context.wrap_socket(connection(forwarded), server_hostname=host)
        asking.request("POST", "/v1/permissions/check", json.dumps(body), headers)
        answer = asking.getresponse()
        found = json.load(answer)
        asking.close()
    return answer.status, str(found.get("permissionship", ""))
