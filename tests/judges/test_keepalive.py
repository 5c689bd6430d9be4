"""What docs/production.md says of clients that ask whether a silent connection still lives, before the real server."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing

import grpc
import grpcutil
import pytest
from authzed.api.v1 import WatchRequest
from authzed.api.v1.permission_service_pb2_grpc import PermissionsServiceStub
from authzed.api.v1.schema_service_pb2_grpc import SchemaServiceStub
from authzed.api.v1.watch_service_pb2_grpc import WatchServiceStub

from tests.cluster.kit.spicedb import SpiceDB
from tests.judges.programs import program

KEY = "a-preshared-key-for-this-test"
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
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        str(program("spicedb")),
        "serve",
        "--datastore-engine=memory",
        f"--grpc-preshared-key={KEY}",
        f"--grpc-addr={address}",
        "--metrics-enabled=false",
        "--telemetry-endpoint=",
        "--skip-release-check",
    ]
    log = tmp_path_factory.mktemp("spicedb") / "log"
    with log.open("w") as said, subprocess.Popen(command, stdout=said, stderr=said) as running:
        try:
            with connected(address) as channel:
                grpc.channel_ready_future(channel).result(timeout=READY_WITHIN)
                SpiceDB(PermissionsServiceStub(channel), SchemaServiceStub(channel)).write_schema()
            yield address
        finally:
            running.kill()


def connected(address: str, options: Sequence[tuple[str, int]] = ()) -> grpc.Channel:
    channel: grpc.Channel = grpc.secure_channel(address, grpcutil.insecure_bearer_token_credentials(KEY), options)
    return channel


def watched(address: str, options: Sequence[tuple[str, int]] = ()) -> tuple[grpc.StatusCode, str]:
    """How a Watch ended that had nothing to say: by its own deadline, if nobody ends it before."""
    with connected(address, options) as channel:
        watch = WatchServiceStub(channel).Watch(WatchRequest(), timeout=WATCHED)
        with pytest.raises(grpc.RpcError):
            list(watch)
        return watch.code(), str(watch.details())


def test_a_silent_watch_goes_on_without_keepalive(address: str) -> None:
    assert watched(address)[0] == grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_silent_watch_is_ended_where_the_client_keeps_asking(address: str) -> None:
    code, details = watched(address, ASKING)
    assert (code == grpc.StatusCode.DEADLINE_EXCEEDED, "too_many_pings" in details) == (False, True), (code, details)


def test_requests_one_after_another_go_on_where_the_client_keeps_asking(address: str) -> None:
    with connected(address, ASKING) as channel:
        client = SpiceDB(PermissionsServiceStub(channel), SchemaServiceStub(channel))
        end = time.monotonic() + WATCHED
        while time.monotonic() < end:
            assert not client.check("document:1#view@user:1")
            time.sleep(0.5)
