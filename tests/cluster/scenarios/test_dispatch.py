"""Pods that share their work, which readiness says nothing about."""

from __future__ import annotations

from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.release import Release, install
from tests.cluster.kit.scenario import scenario
from tests.cluster.kit.values import on_postgres, with_dispatch, with_tests, with_tls
from tests.cluster.services.postgres import Database

CHECKS = 60


@scenario("dispatch.tls", "Checks cross from pod to pod, over TLS that verifies names and authority")
def test_checks_cross_pods_over_tls(namespace: Namespace, database: Database, recorder: Recorder) -> None:
    values, authority = with_tls(namespace, with_dispatch(namespace, on_postgres(namespace, database)))
    release = install(namespace, values).ready()
    assert release.answers_rightly(authority=authority)
    before = handled(release, authority)
    answers = namespace.probe().check(release.target(authority), "document:{}#view@user:1", times=CHECKS)
    crossed = handled(release, authority) - before
    recorder.count(checks=CHECKS, failed=sum(answers.errors.values()), dispatched=crossed)
    assert (answers.yes, answers.no, answers.errors) == (1, CHECKS - 1, {})
    assert crossed > 0
    assert plaintext_is_refused(release)


@scenario("dispatch.helm-test", "`helm test` passes where dispatch works, and what it writes is allowed")
def test_helm_test_passes(namespace: Namespace, database: Database) -> None:
    values = with_tests(with_dispatch(namespace, on_postgres(namespace, database)))
    values["tests"]["writeRelation"] = "viewer"
    values, authority = with_tls(namespace, values)
    release = install(namespace, values).ready()
    with release.spicedb(authority=authority) as spicedb:
        spicedb.write_schema()
    assert "Phase:          Succeeded" in release.test()


def handled(release: Release, authority: str) -> int:
    """How many checks came from other pods."""
    scraped = release.metrics(authority)
    return int(sum(m.total("grpc_server_handled_total", grpc_method="DispatchCheck", grpc_code="OK") for m in scraped))


def plaintext_is_refused(release: Release) -> bool:
    answers = release.namespace.probe("plaintext").check(release.target(), "document:1#view@user:1")
    return (answers.yes, answers.no) == (0, 0) and list(answers.errors) != []
