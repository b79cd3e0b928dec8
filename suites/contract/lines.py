"""Connections that are held open, cut or closed by halves: what a client library never does."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter_ns

from harness.records import Exchange, Request
from harness.wire.http import Response, origin_of
from suites.contract.probe import RAW_S, Probe
from suites.contract.rawreply import broken, exchanges_of

PIECE = 64 * 1024
# How much of what was sent is kept as evidence: the rest is filler.
EVIDENCE = 2048


class Line:
    """One raw connection to the target."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._got = bytearray()
        self._response = Response("GET")

    def write(self, payload: bytes) -> None:
        """Hand bytes to the socket, unless it or the conversation is over."""
        if not self.settled and not self._writer.is_closing():
            self._writer.write(payload)

    async def fill(self, size: int, filler: bytes) -> None:
        """Write up to ``size`` bytes, until the server has said something or closed."""
        piece = filler * (PIECE // len(filler))
        reading = asyncio.create_task(self._read_on())
        try:
            for start in range(0, size, PIECE):
                if reading.done() or self._writer.is_closing():
                    return
                self._writer.write(piece[: size - start])
                await self._writer.drain()
        except ConnectionError:
            await reading  # what came before the reset
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    async def _read_on(self) -> None:
        with suppress(ConnectionError):
            while not self.settled and await self.read():
                pass

    @property
    def settled(self) -> bool:
        """Whether a whole response is there, or the connection is over."""
        return self._whole or self._reader.at_eof()

    @property
    def _whole(self) -> bool:
        return self._response.complete or self._response.fault is not None

    def half_close(self) -> None:
        """Say that nothing more will be sent."""
        if self._writer.can_write_eof():
            self._writer.write_eof()

    async def read(self) -> bool:
        """Wait for more bytes. False when there will be none."""
        data = await self._reader.read(PIECE)
        self._got += data
        if data and not self._whole:
            self._response.take(perf_counter_ns(), data)
        return bool(data)

    async def reply(self, request: Request, timeout_s: float) -> Exchange:
        """The first response; an exchange with ``error`` when there is none in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.settled and await self.read():
                    pass
        except TimeoutError:
            told = f"no whole answer within {timeout_s:.0f} s ({len(self._got)} bytes had arrived)"
            return broken(request, "timeout", told, bytes(self._got))
        except ConnectionError as error:
            if not self._response.complete:
                return broken(request, "reset", str(error), bytes(self._got))
        if self._got and not self._response.complete and not self._response.finish_at_close():
            return broken(request, "reset", self._response.shortfall(), bytes(self._got))
        return exchanges_of(request, bytes(self._got))[0]

    async def close(self) -> None:
        """Drop the connection at once."""
        self._writer.transport.abort()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def open_line(probe: Probe) -> Line | str:
    """A fresh connection, or the sentence why there is none."""
    scheme, host, port = origin_of(probe.target.base_url)
    context = ssl.create_default_context() if scheme == "https" else None
    try:
        async with asyncio.timeout(RAW_S):
            return Line(*await asyncio.open_connection(host, port, ssl=context))
    except OSError as error:  # a TimeoutError is one
        return str(error) or "no connection in time"


@asynccontextmanager
async def held(probe: Probe, payloads: Sequence[bytes]) -> AsyncIterator[list[Line]]:
    """A connection for each payload, written and left open; all are dropped at the end."""
    opened: list[Line] = []
    try:
        for payload in payloads:
            line = await open_line(probe)
            if isinstance(line, Line):
                opened.append(line)
                line.write(payload)
        yield opened
    finally:
        for line in opened:
            await line.close()


async def half_closed(probe: Probe, payload: bytes, timeout_s: float) -> Exchange:
    """A whole request after which nothing more can be sent.

    Evidence of the check alone: that a server closes without a word is no failure elsewhere.
    """
    request = evidence(probe, payload)
    line = await open_line(probe)
    if isinstance(line, str):
        return record(probe, broken(request, "connect", line))
    try:
        line.write(payload)
        line.half_close()
        exchange = await line.reply(request, timeout_s)
        probe.attach(exchange)
        return exchange
    finally:
        await line.close()


async def flood(probe: Probe, head: bytes, size: int, tail: bytes, timeout_s: float) -> Exchange:
    """A head, ``size`` spaces and a tail; stops writing as soon as the server answers."""
    request = evidence(probe, head)
    line = await open_line(probe)
    if isinstance(line, str):
        return record(probe, broken(request, "connect", line))
    try:
        line.write(head)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await line.fill(size, b" ")
        line.write(tail)
        return record(probe, await line.reply(request, timeout_s))
    finally:
        await line.close()


def evidence(probe: Probe, payload: bytes) -> Request:
    """What was sent, as far as a reader needs it."""
    return Request("RAW", probe.target.base_url, (), payload[:EVIDENCE])


def record(probe: Probe, exchange: Exchange) -> Exchange:
    """Make an exchange evidence of the check and of the run."""
    probe.attach(exchange)
    probe.state.log.append(exchange)
    return exchange
