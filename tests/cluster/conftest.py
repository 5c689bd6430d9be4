"""Fixtures of the scenarios, and what the run as a whole does before and after them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.cluster import images
from tests.cluster.kit import cluster as clusters
from tests.cluster.kit import namespace as namespaces
from tests.cluster.kit import outcomes
from tests.cluster.kit.cluster import Cluster
from tests.cluster.kit.diagnosis import diagnosis
from tests.cluster.kit.namespace import Namespace
from tests.cluster.kit.outcomes import Recorder
from tests.cluster.kit.scenario import MARKER, NOTED, REPEATED, facts, in_order, namespace_name, rounds
from tests.cluster.kit.scenario import outcomes as outcomes_of
from tests.cluster.kit.turns import turn
from tests.cluster.node import keeper, needs, up
from tests.cluster.node.layout import LOGS
from tests.cluster.services.postgres import Database, Server
from tests.judges.build import BuildError, build
from tests.place import ROOT
from tests.project import chart

BUILD = ROOT / "build" / "cluster"
OUTCOMES = BUILD / "outcomes.jsonl"
WORKER = "PYTEST_XDIST_WORKER"
NICE = 10
# Scenarios under load at once. More of them would fail requests where it is the processors that are short.
UNDER_LOAD = 3
REPORTS = pytest.StashKey[list[pytest.TestReport]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORTS] = []
    config.pluginmanager.register(_Collector(config), "cluster-outcomes")


def pytest_report_header() -> str:
    given = os.environ.get(clusters.KUBECONFIG)
    return f"cluster: that of {given}" if given else "cluster: brought up here, and taken down at the end"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse a machine that cannot run the cluster, and build what is missing, before workers start."""
    if os.environ.get(WORKER) or session.config.option.collectonly:
        return
    OUTCOMES.unlink(missing_ok=True)  # those of another run say nothing of this one
    try:
        if not os.environ.get(clusters.KUBECONFIG):
            needs.require()
            if run := keeper.current():
                raise run.refusal()
            build(up.PROGRAMS)
        build(["helm", "helm3"])
        images.make()
    except (needs.CannotRunError, BuildError) as error:
        raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is repeated is a test of its own in each round."""
    if metafunc.definition.get_closest_marker(REPEATED) and (names := rounds()):
        metafunc.fixturenames.append("round_number")
        metafunc.parametrize("round_number", names, indirect=True, ids=names)


@pytest.fixture
def round_number(request: pytest.FixtureRequest) -> str:
    """Which round this is, for those who want to know."""
    return str(request.param)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test among the scenarios is one, no two have the same id, and each comes when it fits."""
    seen: dict[str, str] = {}
    for item in items:
        if "/cluster/scenarios/" in item.path.as_posix():
            identity = facts(item)["id"]
            if identity in seen:
                raise pytest.UsageError(f"{item.nodeid} and {seen[identity]} are both called {identity}")
            seen[identity] = item.nodeid
    items[:] = in_order(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write outcomes, keep the logs of what failed, and take down what was brought up for this run."""
    if os.environ.get(WORKER):
        return
    reports = session.config.stash[REPORTS]
    found = outcomes_of(reports, chart().digest)
    if found:
        outcomes.write(OUTCOMES, found)
    run = keeper.current()
    if run and run.owner == os.getpid():
        if session.testsfailed:
            shutil.rmtree(BUILD / "log", ignore_errors=True)
            shutil.copytree(LOGS, BUILD / "log", symlinks=True)
        keeper.stop()


class _Collector:
    """Gathers reports in the process that writes outcomes, wherever the tests ran."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._config.stash[REPORTS].append(report)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A scenario that cannot be set up has an outcome too."""
    if item.get_closest_marker(MARKER):
        item.user_properties.append((NOTED, _noted(item, Recorder())))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tell about the namespace of a scenario that failed, unless the failure did so itself."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    namespace = getattr(item, "funcargs", {}).get("namespace")
    if report.when == "call" and report.failed and namespace and "--- namespace" not in report.longreprtext:
        report.sections.append(("namespace", diagnosis(namespace.cluster.api, namespace.name)))
    return report  # type: ignore[return-value]


def _noted(item: pytest.Item, recorder: Recorder, cluster: Cluster | None = None) -> dict[str, Any]:
    version, differences = (cluster.version, list(cluster.differences)) if cluster else ("", [])
    return {**facts(item), "kubernetes": version, "differences": differences, **recorder.noted()}


@pytest.fixture(autouse=True)
def turn_under_load(request: pytest.FixtureRequest) -> Iterator[None]:
    """Scenarios that are repeated put load on SpiceDB, and wait for each other."""
    with turn(BUILD / "turns", UNDER_LOAD) if request.node.get_closest_marker(REPEATED) else nullcontext():
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster, shared by all workers."""
    # Under xdist the workers' parent is the run, and lives longer than any of them.
    owner = os.getppid() if os.environ.get(WORKER) else os.getpid()
    with clusters.connected(owner) as connected:
        # Where processors are short, what is tested comes first, and tests with their helm and kubectl wait.
        os.nice(NICE)
        yield connected


@pytest.fixture
def recorder(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[Recorder]:
    """Takes down what a scenario measures; what is noted here becomes its outcome."""
    noted = Recorder()
    yield noted
    request.node.user_properties.append((NOTED, _noted(request.node, noted, cluster)))


@pytest.fixture
def namespace(request: pytest.FixtureRequest, cluster: Cluster, recorder: Recorder) -> Iterator[Namespace]:
    """A namespace for this scenario, which admits only pods that keep to Pod Security `restricted`."""
    made = namespaces.make(cluster, namespace_name(facts(request.node)["id"]), recorder)
    yield made
    recorder.ran(made.list("Pod"))
    namespaces.remove(made)


@pytest.fixture(scope="session")
def postgres(cluster: Cluster) -> Server:
    """The PostgreSQL beside the cluster."""
    return cluster.postgres()


@pytest.fixture
def database(request: pytest.FixtureRequest, postgres: Server) -> Iterator[Database]:
    """An empty database for this scenario, with a login of its own."""
    made = postgres.create(re.sub(r"[^a-z0-9]", "_", facts(request.node)["id"]))
    yield made
    postgres.drop(made.name)
