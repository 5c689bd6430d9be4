"""A stand-in for RDS in front of a real PostgreSQL: lets in who shows a good token inside TLS, and relays the rest."""

from __future__ import annotations

import asyncio
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread

from tests.cluster.rds_iam.tokens import Database, Key, Reason, key_id, verify

TLS_REQUEST, ENCRYPTION_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
LONGEST_MESSAGE = 16 * 1024
SECONDS_TO_LOG_IN = 10
SECONDS_TO_WAIT = 10


@dataclass(frozen=True)
class Attempt:
    """Who wanted in: as which login, with which token of which ServiceAccount, and why that was refused, if it was."""

    reason: Reason | None
    login: str = ""
    token: str = ""
    account: str = ""


class Proxy:
    """One database of RDS. `keys` are those that the agent gave out, `upstream` is PostgreSQL's socket.

    PostgreSQL trusts whoever reaches that socket, so nothing but this proxy should.
    """

    def __init__(
        self,
        database: Database,
        keys: Mapping[str, Key],
        tls: ssl.SSLContext,
        upstream: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = database
        self.attempts: list[Attempt] = []
        self.now = now
        self._keys = keys
        self._tls = tls
        self._upstream = upstream

    @contextmanager
    def listening(self, address: str, port: int = 0) -> Iterator[Proxy]:
        """Listens in a thread of its own; without a port, at a free one, which becomes that of the endpoint."""
        started: Future[tuple[int, Callable[[], object]]] = Future()
        thread = Thread(target=lambda: asyncio.run(self._serve(address, port, started)), daemon=True)
        thread.start()
        found, stop = started.result(SECONDS_TO_WAIT)
        self.database = replace(self.database, endpoint=f"{self.database.endpoint.split(':')[0]}:{found}")
        try:
            yield self
        finally:
            stop()
            thread.join(SECONDS_TO_WAIT)

    async def _serve(self, address: str, port: int, started: Future[tuple[int, Callable[[], object]]]) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self._connection, address, port)
        except OSError as error:
            started.set_exception(error)
            return
        port = server.sockets[0].getsockname()[1]
        started.set_result((port, partial(loop.call_soon_threadsafe, stopped.set)))
        await stopped.wait()
        server.close()

    async def _connection(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_LOG_IN):
                startup = await self._admitted(reader, writer)
            if startup:
                await self._relay(startup, reader, writer)
        except (OSError, EOFError):
            pass  # the other side is gone, or sent what is no message of PostgreSQL
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    async def _admitted(self, reader: StreamReader, writer: StreamWriter) -> bytes:
        """The client's startup message, or nothing where it was refused."""
        encrypted = False
        while True:
            head = await reader.readexactly(8)
            length, code = struct.unpack("!II", head)
            body = await _rest(reader, length - 8)
            if code == TLS_REQUEST and not encrypted:
                writer.write(b"S")
                try:
                    await writer.start_tls(self._tls)
                except ssl.SSLEOFError:
                    raise  # gone amid the handshake, as a server that ends
                except ssl.SSLError:
                    self.attempts.append(Attempt(Reason.NOT_TRUSTED))
                    raise
                encrypted = True
            elif code == ENCRYPTION_REQUEST:
                writer.write(b"N")
            else:
                break
        if code == CANCEL_REQUEST:
            return head + body
        fields = body.split(b"\0")
        settings = dict(zip(fields[::2], fields[1::2], strict=False))
        login, database = (settings.get(name, b"").decode() for name in (b"user", b"database"))
        if not encrypted:
            self.attempts.append(Attempt(Reason.NO_TLS, login))
            host = writer.get_extra_info("peername")[0]
            text = f'no pg_hba.conf entry for host "{host}", user "{login}", database "{database}", no encryption'
            writer.write(_error(text, Reason.NO_TLS))
            await writer.drain()
            return b""
        writer.write(struct.pack("!cII", b"R", 8, 3))
        kind, length = struct.unpack("!cI", await reader.readexactly(5))
        token = (await _rest(reader, length - 4)).rstrip(b"\0").decode() if kind == b"p" else ""
        reason = verify(token, login, self.database, self._keys, self.now())
        key = self._keys.get(key_id(token))
        self.attempts.append(Attempt(reason, login, token, key.account if key else ""))
        if reason:
            writer.write(_error(f'PAM authentication failed for user "{login}"', reason))
            await writer.drain()
            return b""
        return head + body

    async def _relay(self, startup: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        try:
            up_writer.write(startup)
            ways = [asyncio.create_task(_pump(*way)) for way in ((reader, up_writer), (up_reader, writer))]
            _, rest = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            up_writer.close()


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(64 * 1024):
        writer.write(data)
        await writer.drain()


async def _rest(reader: StreamReader, length: int) -> bytes:
    """The rest of a message that says its length, if that is one to believe."""
    if not 0 <= length <= LONGEST_MESSAGE:
        raise EOFError
    return await reader.readexactly(length)


def _error(message: str, reason: Reason) -> bytes:
    """A refusal as PostgreSQL sends it. RDS keeps the reason to itself; here it is the detail."""
    fields = {"S": "FATAL", "V": "FATAL", "C": "28000", "M": message, "D": reason}
    body = b"".join(f"{kind}{text}\0".encode() for kind, text in fields.items()) + b"\0"
    return struct.pack("!cI", b"E", len(body) + 4) + body
