"""One HTTP/1.x connection: bytes out, bytes in, every read stamped before anything is parsed.

Follows RFC 9112. The connection knows nothing of pools, dialects or events; ``client`` builds on
it.
"""

from __future__ import annotations

import asyncio
from time import perf_counter_ns
from urllib.parse import urlsplit

import httptools

from harness.records import Chunk, ErrorKind, Exchange, Request

# A completion of 100k tokens with logprobs stays under 64 MiB; more than that is a runaway server.
BODY_LIMIT = 64 * 1024 * 1024
# llhttp has no limit of its own; common servers and proxies stop at 8 to 64 KiB.
HEAD_LIMIT = 1024 * 1024
# Methods whose requests carry Content-Length even when the body is empty (RFC 9110, 8.6).
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_ON_PURPOSE = "the client closed the connection on purpose"

Origin = tuple[str, str, int]  # scheme, host, port


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an absolute URL.

    Raises:
        ValueError: the URL has no host, another scheme than http(s), or a port that is no number.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not an http:// or https:// URL with a host")
    port = parts.port  # raises ValueError itself when it is not a number from 0 to 65535
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def serialise(request: Request) -> bytes:
    """The request's bytes; Host, User-Agent, Accept, Accept-Encoding and Content-Length are added
    where absent.

    Raises:
        ValueError: the method, URL or a header holds a line break or cannot be sent as Latin-1.
    """
    parts = urlsplit(request.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {path} HTTP/1.1"]
    present = {name.lower() for name, _ in request.headers}
    for name, value in (
        ("Host", parts.netloc.rpartition("@")[2]),
        ("User-Agent", "mlx-serving-harness"),
        ("Accept", "*/*"),
        # Without it any coding is welcome (RFC 9110, 12.5.3), and a compressor holds a stream back.
        ("Accept-Encoding", "identity"),
    ):
        if name.lower() not in present:
            lines.append(f"{name}: {value}")
    lines.extend(f"{name}: {value}" for name, value in request.headers)
    has_length = present & {"content-length", "transfer-encoding"}
    if not has_length and (request.body or request.method in _METHODS_WITH_BODY):
        lines.append(f"Content-Length: {len(request.body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("the request's method, URL or headers hold a line break")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + request.body


class Response:
    """What has arrived of one response; the callbacks are httptools'."""

    __slots__ = (
        "_head_only",
        "_parser",
        "_pieces",
        "_reading_head",
        "body_bytes",
        "chunks",
        "complete",
        "fault",
        "headers",
        "headers_ns",
        "keep_alive",
        "last_ns",
        "received",
        "status",
    )

    def __init__(self, method: str) -> None:
        self._head_only = method == "HEAD"
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._reading_head = True
        self.body_bytes = 0
        self.chunks: list[tuple[int, bytes]] = []
        self.complete = False
        self.fault: str | None = None  # why the bytes are not HTTP that we accept
        self.headers: list[tuple[str, str]] = []
        self.headers_ns: int | None = None
        self.keep_alive = False
        self.last_ns = 0
        self.received = 0
        self.status: int | None = None

    def take(self, at_ns: int, data: bytes) -> None:
        """Parse one read of the socket that arrived at ``at_ns``."""
        self.received += len(data)
        self.last_ns = at_ns
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.fault = "the server switched protocols, which was not asked for"
        except httptools.HttpParserError as error:
            if self.complete:
                self.keep_alive = False  # the answer was whole; what follows it is not ours
            else:
                self.fault = f"the response is not HTTP: {error}"
        if self.headers_ns is None and not self._reading_head:
            self.headers_ns = at_ns
        self._gather(at_ns)
        if self._reading_head and self.received > HEAD_LIMIT:
            self.fault = f"the response's head is longer than {HEAD_LIMIT} bytes"
        if self.body_bytes > BODY_LIMIT:
            self.fault = f"the response's body is longer than {BODY_LIMIT} bytes"

    def _gather(self, at_ns: int) -> None:
        if not self._pieces:
            return
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self.body_bytes += len(data)
        self.chunks.append((at_ns, data))

    def on_message_begin(self) -> None:
        """A second response in the same bytes: the connection cannot be reused."""
        if self.complete:
            self.keep_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field; trailers and bytes after the response are left out."""
        if self._reading_head:
            self.headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """The end of a head: interim (1xx) heads are dropped, a HEAD's answer ends here."""
        if self.complete:
            return
        status: int = self._parser.get_status_code()
        if status < 200:
            self.headers.clear()
            return
        self.status = status
        self._reading_head = False
        if self._head_only:
            self.complete = True  # the parser cannot know: a HEAD's Content-Length has no body
            self.keep_alive = bool(self._parser.should_keep_alive())

    def on_body(self, data: bytes) -> None:
        """Body bytes without transfer coding."""
        if not self.complete:
            self._pieces.append(data)

    def on_message_complete(self) -> None:
        """The end of the body."""
        if self.status is not None and not self.complete:
            self.complete = True
            self.keep_alive = bool(self._parser.should_keep_alive())

    def finish_at_close(self) -> bool:
        """True when the closing of the connection is the legitimate end (RFC 9112, 6.3)."""
        names = {name.lower() for name, _ in self.headers}
        delimited = names & {"content-length", "transfer-encoding"}
        if self.status is None or delimited or self.fault:
            return False
        self.complete = True
        return True

    def shortfall(self) -> str:
        """What was missing when the connection ended."""
        if not self.received:
            return "the server closed the connection without answering"
        if self.status is None:
            return "the server closed the connection inside the response's head"
        length = next((v for k, v in self.headers if k.lower() == "content-length"), None)
        of = f" of {length}" if length else ""
        return f"the server closed the connection after {self.body_bytes}{of} body bytes"


class Connection(asyncio.Protocol):
    """One socket; carries one request at a time."""

    def __init__(self) -> None:
        self.connect_ns: int | None = None  # set by whoever connected; cleared after the first use
        self.closed = False
        self.used = 0
        self._transport: asyncio.Transport | None = None
        self._response: Response | None = None  # the one in progress
        self._last = Response("GET")  # the one that ended
        self._done: asyncio.Future[None] | None = None
        self._abandon_after: int | None = None
        self._error: ErrorKind | None = None
        self._error_text = ""
        self._send_ns = 0
        self._end_ns = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]  # a stream's transport by contract

    def data_received(self, data: bytes) -> None:
        """Stamp first, then parse."""
        at_ns = perf_counter_ns()
        response = self._response
        if response is None:  # nobody asked: whatever it is, the next answer would be misread
            self.close()
            return
        response.take(at_ns, data)
        if response.complete:
            self._finish(None, "", response.last_ns)
        elif response.fault is not None:
            self._finish("protocol", response.fault, at_ns)
        elif self._abandon_after is not None and len(response.chunks) >= self._abandon_after:
            self._finish("abandoned", _ON_PURPOSE, at_ns)

    def connection_lost(self, exc: Exception | None) -> None:
        """The end of the socket, which for some responses is the end of the body."""
        self.closed = True
        response = self._response
        if response is None:
            return
        if exc is None and response.finish_at_close():
            self._finish(None, "", response.last_ns)
            return
        text = response.shortfall() + (f" ({exc})" if exc else "")
        self._finish("reset", text, perf_counter_ns())

    async def ask(
        self, method: str, payload: bytes, *, deadline: float, abandon_after: int | None = None
    ) -> None:
        """Write one request and wait until its response ends, fails or is given up.

        ``deadline`` is in the loop's time. The outcome is read with :meth:`exchange`.
        """
        loop = asyncio.get_running_loop()
        self._response, self._done = Response(method), loop.create_future()
        self._abandon_after, self._error, self._error_text = abandon_after, None, ""
        timer = loop.call_at(deadline, self._time_out)
        self.used += 1
        self._send_ns = perf_counter_ns()
        if self._transport is None or self.closed:
            self._finish("reset", self._response.shortfall(), self._send_ns)
        else:
            self._transport.write(payload)
        if abandon_after == 0:
            self._finish("abandoned", _ON_PURPOSE, perf_counter_ns())
        try:
            await self._done
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            timer.cancel()

    def exchange(self, request: Request, due_ns: int) -> Exchange:
        """What the last :meth:`ask` gave, as a record."""
        response = self._last
        return Exchange(
            request=request,
            due_ns=due_ns,
            send_ns=self._send_ns,
            headers_ns=response.headers_ns,
            end_ns=self._end_ns,
            status=response.status,
            headers=tuple(response.headers),
            chunks=tuple(Chunk(at_ns, data) for at_ns, data in response.chunks),
            error=self._error,
            error_text=self._error_text,
            connect_ns=self.connect_ns if self.used == 1 else None,
        )

    @property
    def reusable(self) -> bool:
        """True when another request may be sent on this connection."""
        return not self.closed and self._error is None and self._last.keep_alive

    @property
    def stale(self) -> bool:
        """True when a reused connection was found dead before anything of the answer came."""
        return self.used > 1 and self._error == "reset" and not self._last.received

    def close(self) -> None:
        """Flush what is still to be written and close the socket."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()

    def _time_out(self) -> None:
        if self._response is None:  # it ended in the same turn of the loop
            return
        got = self._response.received
        text = f"the answer did not end in time ({got} bytes had arrived)"
        self._finish("timeout", text, perf_counter_ns())
        if self._transport is not None:
            self._transport.abort()  # a server that does not read would hold a flushing close open

    def _finish(self, error: ErrorKind | None, text: str, end_ns: int) -> None:
        if self._response is None or self._done is None:
            return
        self._last, self._response = self._response, None
        self._error, self._error_text, self._end_ns = error, text, end_ns
        if error is not None or not self._last.keep_alive:
            self.close()
        if not self._done.done():
            self._done.set_result(None)
