"""The measuring client: a keep-alive pool of connections to one target."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Sequence
from time import perf_counter_ns
from types import TracebackType
from typing import Self

from harness.errors import TargetUnreachable, UsageError
from harness.records import Exchange, Json, Request, Target
from harness.wire.http import Connection, Origin, Response, origin_of, serialise

Headers = Sequence[tuple[str, str]]

# The Messages API demands a version; this is the only one published since 2023.
ANTHROPIC_VERSION = "2023-06-01"
# After a whole response a server may still say something (a second response to smuggled bytes);
# half a second is two orders above a loopback round trip.
RAW_SILENCE_S = 0.5
# Long enough for a SYN to be sent again once (RFC 6298: after 1 s), short enough for a question.
REACHABLE_TIMEOUT_S = 3.0


class Client:
    """Sends requests to one target and returns what happened as records.

    Timeouts cover a whole exchange, connect to last byte. Nothing that a server does raises.

    Raises:
        UsageError: the target's URL or API key cannot be used.
    """

    def __init__(
        self,
        target: Target,
        *,
        timeout_s: float = 60.0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        _check_target(target)
        self.target = target
        self.timeout_s = timeout_s
        self._ssl_context = ssl_context
        self._idle: dict[Origin, list[Connection]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all idle connections."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        await asyncio.sleep(0)  # lets the transports run their closing callbacks

    def url(self, path: str) -> str:
        """``path`` joined to the target's base URL; an absolute URL is kept as it is."""
        return _join(self.target.base_url, path)

    def root_url(self, path: str) -> str:
        """``path`` joined to the URL above ``/v1``."""
        return _join(self.target.root, path)

    def get(self, path: str, *, headers: Headers = ()) -> Request:
        """A GET of ``path`` under the base URL (or of an absolute URL), with the target's key."""
        return self.request("GET", path, headers=headers)

    def post(self, path: str, body: Json | bytes, *, headers: Headers = ()) -> Request:
        """A POST of JSON (bytes are sent as they are), with the target's key."""
        return self.request("POST", path, body, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes = b"",
        *,
        headers: Headers = (),
        auth: bool = True,
    ) -> Request:
        """Any request. ``headers`` replace those of the same name that would be added."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        added = self._auth_headers() if auth else ()
        if payload:
            added = (("Content-Type", "application/json"), *added)
        given = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in added if pair[0].lower() not in given)
        return Request(method, self.url(path), (*kept, *headers), payload)

    async def send(
        self, request: Request, *, timeout_s: float | None = None, due_ns: int | None = None
    ) -> Exchange:
        """One request and its answer; ``Exchange.error`` says what went wrong, if anything."""
        return await self._exchange(request, timeout_s, due_ns, None)

    async def abandon(
        self, request: Request, *, after_chunks: int = 1, timeout_s: float | None = None
    ) -> Exchange:
        """Send, then close the socket after that many body chunks (0: once written).

        ``error`` is ``abandoned``; it is None when the whole answer came before it could be.
        """
        return await self._exchange(request, timeout_s, None, after_chunks)

    async def raw(self, payload: bytes, *, timeout_s: float = 10.0) -> bytes:
        """Bytes to a fresh socket; everything that comes back.

        Ends when the server closes, ``RAW_SILENCE_S`` after a whole response, or at the timeout.
        ``b""`` is an empty reply or a reset.

        Raises:
            TargetUnreachable: the connection is refused.
        """
        sink = _RawSink("HEAD" if payload.startswith(b"HEAD ") else "GET")
        try:
            await self._open(origin_of(self.target.base_url), sink, timeout_s)
        except (OSError, UnicodeError) as error:
            raise TargetUnreachable(
                f"Nothing accepts connections at {self.target.base_url} ({error}).",
                remedy="Check that the server still runs.",
            ) from error
        return await sink.talk(payload, timeout_s)

    async def reachable(self) -> bool:
        """True when a TCP (and TLS) connection to the target can be made."""
        connection = Connection()
        try:
            await self._open(origin_of(self.target.base_url), connection, REACHABLE_TIMEOUT_S)
        except (OSError, UnicodeError):
            return False
        connection.close()
        return True

    def _auth_headers(self) -> Headers:
        key = self.target.api_key
        if self.target.dialect == "anthropic":
            return (("x-api-key", key or "not-needed"), ("anthropic-version", ANTHROPIC_VERSION))
        return (("Authorization", f"Bearer {key or 'not-needed'}"),)

    async def _exchange(
        self,
        request: Request,
        timeout_s: float | None,
        due_ns: int | None,
        abandon_after: int | None,
    ) -> Exchange:
        started_ns = perf_counter_ns()
        due_ns = started_ns if due_ns is None else due_ns
        limit_s = self.timeout_s if timeout_s is None else timeout_s
        deadline = asyncio.get_running_loop().time() + limit_s
        payload = serialise(request)
        origin = origin_of(request.url)
        connection = self._pooled(origin)
        while True:
            if connection is None:
                try:
                    connection = await self._connect(origin, deadline)
                except (OSError, UnicodeError) as error:  # UnicodeError: a host name IDNA refuses
                    return _not_connected(request, due_ns, started_ns, error)
            await connection.ask(
                request.method, payload, deadline=deadline, abandon_after=abandon_after
            )
            if not connection.stale:
                break
            connection = None
        exchange = connection.exchange(request, due_ns)
        if connection.reusable:
            self._idle.setdefault(origin, []).append(connection)
        else:
            connection.close()
        return exchange

    def _pooled(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if not connection.closed:
                return connection
        return None

    async def _connect(self, origin: Origin, deadline: float) -> Connection:
        started_ns = perf_counter_ns()
        connection = Connection()
        left_s = deadline - asyncio.get_running_loop().time()
        await self._open(origin, connection, left_s)
        connection.connect_ns = perf_counter_ns() - started_ns
        return connection

    async def _open(self, origin: Origin, protocol: asyncio.Protocol, timeout_s: float) -> None:
        scheme, host, port = origin
        if scheme == "https" and self._ssl_context is None:
            self._ssl_context = ssl.create_default_context()
        context = self._ssl_context if scheme == "https" else None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout_s):
            await loop.create_connection(lambda: protocol, host, port, ssl=context)


class _RawSink(asyncio.Protocol):
    """Collects whatever a socket gives."""

    def __init__(self, method: str) -> None:
        self._got = bytearray()
        self._response = Response(method)
        self._transport: asyncio.Transport | None = None
        self._wake = asyncio.Event()
        self._closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's transport by contract

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._settled:
            self._response.take(perf_counter_ns(), data)
        self._wake.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed = True
        self._wake.set()

    @property
    def _settled(self) -> bool:
        return self._response.complete or self._response.fault is not None

    async def talk(self, payload: bytes, timeout_s: float) -> bytes:
        """Write, then read until the close, the silence or the timeout."""
        if self._transport is None:
            return b""
        self._transport.write(payload)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not self._closed:
            left_s = deadline - asyncio.get_running_loop().time()
            wait_s = min(left_s, RAW_SILENCE_S) if self._settled else left_s
            try:
                async with asyncio.timeout(max(wait_s, 0.0)):
                    await self._wake.wait()
            except TimeoutError:
                break
            self._wake.clear()
        self._transport.abort()
        return bytes(self._got)


def _join(base: str, path: str) -> str:
    if path.startswith(("http://", "https://")):
        return path
    return f"{base.rstrip('/')}/{path.lstrip('/')}" if path else base


def _check_target(target: Target) -> None:
    try:
        origin_of(target.base_url)
    except ValueError as error:
        raise UsageError(
            f"The base URL cannot be used: {error}.",
            remedy="Give it like http://127.0.0.1:8000/v1.",
        ) from error
    key = target.api_key or ""
    if not (key.isascii() and key.isprintable()):
        raise UsageError(
            "The API key holds a line break or another character that no HTTP header can carry.",
            remedy="Check the environment variable that --api-key-env names.",
        )


def _not_connected(
    request: Request, due_ns: int, started_ns: int, error: OSError | UnicodeError
) -> Exchange:
    now_ns = perf_counter_ns()
    text = str(error) or "no connection in time"
    return Exchange(
        request=request,
        due_ns=due_ns,
        send_ns=started_ns,
        headers_ns=None,
        end_ns=now_ns,
        error="connect",
        error_text=text,
    )
