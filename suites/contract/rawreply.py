"""Bytes that came back on a raw socket, as exchanges."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter_ns

import httptools

from harness.records import Chunk, ErrorKind, Exchange, Request


@dataclass(slots=True)
class _Message:
    """One response while it is being parsed."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    status: int | None = None
    version: str = ""


class _Replies:
    """Collects what httptools calls back."""

    def __init__(self) -> None:
        self.messages: list[_Message] = []
        self.parser = httptools.HttpResponseParser(self)

    def on_message_begin(self) -> None:
        """A response starts."""
        self.messages.append(_Message())

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self.messages[-1].headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self.messages[-1].status = self.parser.get_status_code()
        self.messages[-1].version = self.parser.get_http_version()

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self.messages[-1].body += body


def exchanges_of(request: Request, reply: bytes) -> list[Exchange]:
    """All responses in ``reply``, informational ones left out; at least one exchange.

    ``error`` is ``reset`` for an empty reply and ``protocol`` for bytes that are not HTTP.
    """
    if not reply:
        return [broken(request, "reset", "an empty reply")]
    replies = _Replies()
    fault = "no status line"
    try:
        replies.parser.feed_data(reply)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
        fault = str(error)
    whole = [one for one in replies.messages if one.status is not None and one.status >= 200]
    if not whole:
        return [broken(request, "protocol", f"not an HTTP response ({fault})", reply)]
    return [_exchange(request, one) for one in whole]


def broken(request: Request, kind: ErrorKind, told: str, reply: bytes = b"") -> Exchange:
    """An exchange without a response."""
    now_ns = perf_counter_ns()
    chunks = (Chunk(now_ns, reply),) if reply else ()
    return Exchange(
        request, now_ns, now_ns, None, now_ns, chunks=chunks, error=kind, error_text=told
    )


def _exchange(request: Request, message: _Message) -> Exchange:
    now_ns = perf_counter_ns()
    return Exchange(
        request=request,
        due_ns=now_ns,
        send_ns=now_ns,
        headers_ns=now_ns,
        end_ns=now_ns,
        status=message.status,
        headers=(*message.headers, ("x-harness-http-version", message.version)),
        chunks=(Chunk(now_ns, bytes(message.body)),) if message.body else (),
    )
