"""A server that writes given bytes, piece by piece, for tests of the wire itself.

Lives in the test's own event loop. ``SELF_SIGNED`` is a key and certificate for 127.0.0.1 that
protect nothing: they exist so that TLS can be tested offline.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


@dataclass
class Scripted:
    """A running server: its port and what it was sent, one entry a request."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    ended: int = 0  # connections that the client shut

    def base_url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/v1"


@asynccontextmanager
async def scripted(
    pieces: Sequence[bytes], *, answers: int | None = None, last: bytes = b"", tls: bool = False
) -> AsyncIterator[Scripted]:
    """Answer every request with ``pieces``, a write each.

    ``answers``: after that many on one connection, the next request there is answered with
    ``last`` and the connection closed.
    """
    server_side = Scripted()
    writers: set[asyncio.StreamWriter] = set()
    over = asyncio.Event()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if over.is_set():  # accepted while stopping
            writer.transport.abort()
            return
        writers.add(writer)
        try:
            await _talk(server_side, pieces, answers, last, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            server_side.ended += 1
        finally:
            writer.transport.abort() if over.is_set() else writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            writers.discard(writer)

    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SELF_SIGNED)
    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    server_side.port = server.sockets[0].getsockname()[1]
    try:
        yield server_side
    finally:
        over.set()
        await shut(server)
        for writer in list(writers):
            writer.transport.abort()
        await settle()


async def shut(server: asyncio.Server) -> None:
    """Close a listening server without leaking a connection that it is just accepting.

    Server.close() in the same turn of the loop as an accept leaves (Python 3.11) a transport that
    nobody closes: so stop accepting first, then let what was accepted start.
    """
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    await settle()
    server.close()
    await settle()


async def settle() -> None:
    """Let callbacks run: transports close, and accepted connections start, a few turns later."""
    for _ in range(20):
        await asyncio.sleep(0)


async def _talk(
    server_side: Scripted,
    pieces: Sequence[bytes],
    answers: int | None,
    last: bytes,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    server_side.connections += 1
    for served in count():
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        server_side.requests.append(head + await reader.readexactly(length))
        if served == answers:
            writer.write(last)
            return
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
