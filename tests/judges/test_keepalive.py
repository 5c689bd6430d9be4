"""What docs/production.md says of clients that ask whether a silent connection still lives, before the real server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

import grpc
import pytest
from authzed.api.v1 import WatchRequest

from tests.cluster.kit import waits
from tests.cluster.kit.spicedb import SpiceDB, connected
from tests.judges.servers import KEY, serving

READY_WITHIN = 30
# Ten times as often as the page says, so that the test is short; the server allows one question in five minutes.
ASKING = (
    ("grpc.keepalive_time_ms", 1000),
    ("grpc.keepalive_timeout_ms", 500),
    ("grpc.http2.max_pings_without_data", 0),
)
WATCHED = 12


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("spicedb"), "--metrics-enabled=false") as address:
        with connected(address, KEY) as client:
            waits.until("the schema is written", partial(written, client), READY_WITHIN)
        yield address


def written(client: SpiceDB) -> bool:
    try:
        client.write_schema()
    except grpc.RpcError as error:
        raise AssertionError(str(error)) from error
    return True


def watched(address: str, options: Sequence[tuple[str, int]] = ()) -> tuple[grpc.StatusCode, str]:
    """How a Watch ended that had nothing to say: by its own deadline, if nobody ends it before."""
    with connected(address, KEY, more=options) as client:
        watch = client.watch.Watch(WatchRequest(), timeout=WATCHED)
        with pytest.raises(grpc.RpcError):
            list(watch)
        return watch.code(), str(watch.details())


def test_a_silent_watch_goes_on_without_keepalive(address: str) -> None:
    assert watched(address)[0] == grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_silent_watch_is_ended_where_the_client_keeps_asking(address: str) -> None:
    code, details = watched(address, ASKING)
    assert (code == grpc.StatusCode.DEADLINE_EXCEEDED, "too_many_pings" in details) == (False, True), (code, details)


def test_requests_one_after_another_go_on_where_the_client_keeps_asking(address: str) -> None:
    with connected(address, KEY, more=ASKING) as client:
        end = time.monotonic() + WATCHED
        while time.monotonic() < end:
            assert not client.check("document:1#view@user:1")
            time.sleep(0.5)
