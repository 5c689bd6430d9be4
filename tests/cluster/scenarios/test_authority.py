"""The authority of certificates is replaced while clients ask."""

from __future__ import annotations

from functools import partial

from tests.cluster.kit import listener
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import GRPC, Release, install
from tests.cluster.kit.scenario import repeated, scenario
from tests.cluster.kit.values import issue, on_postgres, with_dispatch, with_tls
from tests.cluster.pki import authority
from tests.cluster.services.postgres import Database

DISPATCH = 50053
RENEWED_WITHIN = 120


@repeated
@scenario("load.authority", "The authority of dispatch is replaced in the documented steps, and no request fails")
def test_replacing_the_authority_by_a_bundle_fails_no_request(
    namespace: Namespace, database: Database, recorder: Recorder
) -> None:
    old, new = authority("old"), authority("new")
    both = old.certificate + new.certificate
    values = with_dispatch(namespace, on_postgres(namespace, database))
    values, _ = with_tls(namespace, values, signer=old)
    release = install(namespace, values).ready()
    with release.load(namespace.probe(), authority=both) as load, load.during("replacement"):
        issue(namespace, old, trusted=both)
        release.upgrade({**values, "secretRevision": "both-trusted"}).settled()
        issue(namespace, new, trusted=both)
        namespace.until("new ones shown", partial(all_show, release, new.certificate), RENEWED_WITHIN)
        issue(namespace, new)
        release.upgrade({**values, "secretRevision": "new-one-trusted"}).settled()
    report = load.report()
    report.note(recorder)
    assert (report.failed, report.wrong) == ({}, 0), report.complaints


def all_show(release: Release, signer: str) -> bool:
    """Whether gRPC and dispatch of every pod show a certificate of the authority."""
    name = release.namespace.name
    names = {GRPC: f"{release.fullname}.{name}", DISPATCH: f"{release.fullname}-headless.{name}"}
    return all(
        shows(release, pod["metadata"]["name"], port, signer, names[port]) for pod in release.pods() for port in names
    )


def shows(release: Release, pod: str, port: int, signer: str, name: str) -> bool:
    with release.forwarded(pod, port) as here:
        return listener.fits(here, signer, name)
