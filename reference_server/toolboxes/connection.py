"""A connection to one MCP server: from opening to its end it belongs to one task.

The package ``mcp`` ties what it opens to the task that opened it, so the same task must close it:
it is told to, and never cancelled from outside but through the scope that ``mcp`` knows how to
unwind, with which a started process always ends.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import anyio
import httpx2
import mcp_types
from mcp import Client, MCPError, StdioServerParameters
from mcp.client import Transport
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage
from mcp_types import CONNECTION_CLOSED

from reference_server.toolboxes.config import HttpServer, ProgramServer, Server
from reference_server.toolboxes.errors import ToolFailed, ToolTimeout
from reference_server.toolboxes.tool import Tool, Unusable

logger = logging.getLogger("reference_server")

# An HTTP server is told that its session is over; it has this long to hear it.
GOODBYE_S = 2.0

# What another server says of its failure is repeated up to here.
MAX_REASON = 300

ENDED = "The server ended the connection."

# These write what they send and receive, headers and tools' arguments among it, into the log.
TALKATIVE = ("mcp", "client", "httpx2", "httpcore2")


class Connection:
    """Opens at once; ``tools`` are there when ``opened`` is true. ``unusable``: name to reason."""

    def __init__(self, server: Server) -> None:
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.server = server
        self.tools: dict[str, Tool] = {}
        self.unusable: dict[str, str] = {}
        self._client: Client | None = None
        self._opened = asyncio.Event()
        self._over = asyncio.Event()
        self._asked_to_end = False
        self._scope = anyio.CancelScope()
        self._task = asyncio.create_task(self._live())
        self._task.add_done_callback(self._tell)

    @property
    def ended(self) -> bool:
        """Whether nothing is left of it."""
        return self._task.done()

    @property
    def opened(self) -> bool:
        """Whether tools can be called."""
        return self._opened.is_set() and not self._over.is_set() and not self.ended

    @property
    def failure(self) -> str:
        """Why it is not open, in one sentence without secrets."""
        error = self._task.exception() if self.ended and not self._task.cancelled() else None
        if error is not None:
            return self.server.redacted(_reason(error))
        if self._opened.is_set():
            return ENDED
        return f"The server did not answer within {self.server.connect_s:g} s (connect_s)."

    async def settled(self) -> bool:
        """Wait until it has opened or failed; whether it has opened."""
        waiter = asyncio.create_task(self._opened.wait())
        try:
            await asyncio.wait((waiter, self._task), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiter.cancel()
        return self.opened

    async def call(self, tool: Tool, arguments: Mapping[str, Any]) -> mcp_types.CallToolResult:
        """Run a tool; its own failure is a result.

        Raises:
            ToolTimeout: it took longer than the server's ``timeout_s``.
            ToolFailed: the server went away, or its answer broke the protocol.
        """
        client = self._client
        if client is None:
            raise ToolFailed(f"{tool.name}: {self.failure}")
        work = asyncio.create_task(client.call_tool(tool.own_name, dict(arguments)))
        limit = self.server.timeout_s
        try:
            ends = (work, self._task)
            await asyncio.wait(ends, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not self.ended:
                raise ToolTimeout(f"{tool.name} did not answer within {limit:g} s (timeout_s).")
            error = work.exception() if work.done() else None
            if work.done() and error is None:
                return work.result()
            reason = self.failure if error is None else _reason(error)
            sentence = "It may have been carried out, and was not repeated."
            raise ToolFailed(f"{tool.name}: {self.server.redacted(reason)} {sentence}") from error
        finally:
            work.cancel()  # the server is told, so that it can stop as well
            await asyncio.gather(work, return_exceptions=True)

    async def close(self) -> None:
        """End it; returns when its process is gone."""
        self._asked_to_end = True
        self._over.set()
        if not self._opened.is_set():
            self._scope.cancel()
        await asyncio.wait((self._task,))

    async def _live(self) -> None:
        with self._scope as scope:
            scope.deadline = anyio.current_time() + self.server.connect_s
            async with Client(_transport(self.server, self._over), cache=None) as client:
                await self._list_tools(client)
                scope.deadline = math.inf
                self._client = client
                self._opened.set()
                await self._over.wait()
                self._client = None
                scope.deadline = anyio.current_time() + GOODBYE_S

    def _tell(self, task: asyncio.Task[None]) -> None:
        failure = self.failure  # looked at in any case, or asyncio complains that nobody did
        if not self._asked_to_end:
            logger.warning("MCP server %s: %s", self.server.name, failure)

    async def _list_tools(self, client: Client) -> None:
        cursor: str | None = None
        while True:
            page = await client.list_tools(cursor=cursor)
            for tool in page.tools:
                try:
                    self.tools[tool.name] = Tool.of(self.server.name, tool)
                except Unusable as error:
                    self.unusable[tool.name] = str(error)
            cursor = page.next_cursor
            if cursor is None:
                return


class _Watched:
    """A stream of messages that tells when it is over; ``mcp`` itself tells only the next call."""

    def __init__(self, stream: Any, over: asyncio.Event) -> None:  # noqa: ANN401 - mcp's own stream
        self._stream = stream
        self._over = over

    async def receive(self) -> SessionMessage | Exception:
        try:
            message: SessionMessage | Exception = await self._stream.receive()
        except anyio.EndOfStream:
            self._over.set()
            raise
        return message

    async def aclose(self) -> None:
        await self._stream.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def _transport(server: Server, over: asyncio.Event) -> Transport:
    return _over_http(server) if isinstance(server, HttpServer) else _over_pipes(server, over)


@asynccontextmanager
async def _over_pipes(server: ProgramServer, over: asyncio.Event) -> AsyncIterator[Any]:
    """A process; what it writes to its standard error goes where this server's goes.

    Of this server's environment it gets the few variables that ``mcp`` calls safe (PATH, HOME …),
    and what the configuration adds.
    """
    parameters = StdioServerParameters(
        command=server.command,
        args=server.args,
        env={name: value.get_secret_value() for name, value in server.env.items()},
        cwd=server.cwd,
    )
    async with stdio_client(parameters, errlog=sys.stderr) as (incoming, outgoing):
        yield _Watched(incoming, over), outgoing


@asynccontextmanager
async def _over_http(server: HttpServer) -> AsyncIterator[Any]:
    headers = {name: value.get_secret_value() for name, value in server.headers.items()}
    # Calls have their own limit; a stream for messages of the server's own may be silent for ever.
    limits = httpx2.Timeout(server.connect_s, read=None)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=limits) as client,
        streamable_http_client(server.url, http_client=client) as streams,
    ):
        yield streams


def _reason(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, MCPError) and error.code == CONNECTION_CLOSED:
        return ENDED
    if isinstance(error, MCPError):
        return f"The server answered with an error: {error.message[:MAX_REASON]}"
    if isinstance(error, httpx2.TransportError):
        return "The server's address cannot be reached."
    if isinstance(error, OSError):
        return f"The server's command cannot be started: {error.strerror}."
    return "The server's answers do not follow the protocol."
