"""A fake server with a known schedule and a log of the truth.

``serve(mode)`` runs it in a thread on a free port of 127.0.0.1 and stops it always. Every request
is logged with the times at which each token was handed to the socket (``perf_counter_ns``, the
client's own clock). ``MODES`` names what it can get wrong on purpose.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any

from tests.servers import fake_bodies as bodies
from tests.servers.scripted import settle, shut

MODES = {
    "plain": "one token an event, one event a write, chunked",
    "buffered": "all events in one write at the end",
    "html": "every path answers 200 with an HTML page",
    "string_error": "POST answers 404 with {'error': 'text'}",
    "error_event": "an error event after two tokens",
    "reset": "RST after two tokens",
    "truncated": "FIN after two tokens, inside the chunked body",
    "hang": "silence after two tokens",
    "silent": "accepts and never answers",
    "empty": "closes without answering",
    "multi": "four tokens an event",
    "reasoning": "the first half of the tokens is reasoning_content",
    "tools": "two tool calls, arguments in fragments",
    "crlf": "CRLF framing, a comment before every event",
    "split": "every three bytes are a write and an HTTP chunk of their own",
    "close": "HTTP/1.0, no length: the body ends with the connection",
    "unfinished": "no finish_reason, no usage",
    "no_usage": "no usage",
    "stale": "closes each connection after the answer without having said so",
    "garbage": "answers with bytes that are not HTTP",
}


@dataclass(frozen=True)
class Reply:
    """What a ``respond`` hook may return: JSON (or bytes) with a status."""

    body: Any
    status: int = 200
    content_type: str = "application/json"


@dataclass
class Served:
    """One request as the server saw it."""

    connection: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    received_ns: int
    token_ns: list[int] = field(default_factory=list)  # before each token-bearing write
    end_ns: int | None = None  # None: the answer was not finished

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Fake:
    """A running fake. ``log`` grows while requests arrive."""

    mode: str
    texts: tuple[str, ...]
    gap_s: float
    api_key: str | None
    model: str
    die_after: int | None
    respond: Callable[[Served], Reply | None] | None
    log: list[Served] = field(default_factory=list)
    port: int = 0
    connections: int = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/v1"

    @property
    def text(self) -> str:
        return "".join(self.texts)


def free_port() -> int:
    """A port on which nothing listens (just now)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(
    mode: str = "plain",
    *,
    texts: Sequence[str] = ("Hello", " wörld", ",", " 😀", " one", " two", " three", "."),
    gap_s: float = 0.0,
    api_key: str | None = None,
    model: str = "fake",
    die_after: int | None = None,
    respond: Callable[[Served], Reply | None] | None = None,
) -> Iterator[Fake]:
    """Run the fake. ``die_after``: the server is gone once that many requests were answered.

    ``respond`` sees every request first; what it returns replaces the mode's answer (None: the
    mode answers).
    """
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}; known: {', '.join(MODES)}")
    fake = Fake(mode, tuple(texts), gap_s, api_key, model, die_after, respond)
    runner = _Runner(fake)
    runner.start()
    try:
        yield fake
    finally:
        runner.stop()


class _Runner:
    """The thread with the event loop."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the fake server did not start")

    def stop(self) -> None:
        with suppress(RuntimeError):  # it died by itself: its loop is closed
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        if self._thread.is_alive():
            raise RuntimeError("the fake server did not stop")

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        tasks: set[asyncio.Task[Any]] = set()

        server: asyncio.Server | None = None

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            self.fake.connections += 1
            try:
                if self._over.is_set():  # accepted while stopping
                    return
                await _Talk(self.fake, self._over, server, reader, writer).run()
            except (asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.transport.abort()

        server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=512)
        self.fake.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        await shut(server)
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        await settle()


class _Talk:
    """One connection."""

    def __init__(
        self,
        fake: Fake,
        over: asyncio.Event,
        server: asyncio.Server | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.fake, self.over, self.reader, self.writer = fake, over, reader, writer
        self.server = server
        self.number = fake.connections

    async def run(self) -> None:
        while served := await self._read():
            if not await self._answer(served):
                return

    async def _read(self) -> Served | None:
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *rest = head.decode("latin-1").strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in rest)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = first.split(" ")
        served = Served(self.number, method, path, headers, body, perf_counter_ns())
        self.fake.log.append(served)
        return served

    async def _answer(self, served: Served) -> bool:
        """True when the connection can take another request."""
        last = self.fake.die_after is not None and len(self.fake.log) >= self.fake.die_after
        if last and self.server is not None:
            await shut(self.server)  # before the answer: who has it finds nobody listening
        keep = await self._reply(served)
        served.end_ns = perf_counter_ns()
        if last:
            self.over.set()
            return False
        return keep and self.fake.mode not in {"stale", "close"}

    async def _reply(self, served: Served) -> bool:
        fake = self.fake
        reply = fake.respond(served) if fake.respond else None
        if reply is not None:
            await self._send(reply, served)
        elif fake.mode in {"silent", "empty", "garbage"}:
            await self._no_http()
        elif fake.mode == "html":
            page = b"<!DOCTYPE html>\n<html><body><h1>Welcome</h1></body></html>"
            await self._send(Reply(page, content_type="text/html"), served)
        elif fake.api_key and not self._has_key(served):
            await self._send(Reply(bodies.error("invalid API key"), 401), served)
        elif served.method == "POST" and fake.mode == "string_error":
            await self._send(
                Reply({"error": f"no model {served.json.get('model')!r}"}, 404), served
            )
        else:
            return await self._route(served)
        return True

    async def _route(self, served: Served) -> bool:
        path = served.path
        if path == "/health":
            await self._send(Reply({"status": "ok"}), served)
        elif path == "/v1/models":
            await self._send(Reply(bodies.models(self.fake.model)), served)
        elif path not in {"/v1/chat/completions", "/v1/messages"} or served.method != "POST":
            await self._send(Reply(bodies.error("not found"), 404), served)
        elif served.json.get("model") != self.fake.model:
            await self._send(Reply(bodies.error("no such model"), 404), served)
        elif served.json.get("stream"):
            return await self._stream(served)
        else:
            whole = bodies.message if path == "/v1/messages" else bodies.completion
            await self._send(Reply(whole(self.fake.mode, self.fake.texts, served.json)), served)
        return True

    def _has_key(self, served: Served) -> bool:
        key = self.fake.api_key
        given = {served.headers.get("x-api-key"), served.headers.get("authorization")}
        return bool(given & {key, f"Bearer {key}"})

    async def _no_http(self) -> None:
        if self.fake.mode == "silent":
            await asyncio.sleep(3600)
        if self.fake.mode == "garbage":
            self.writer.write(b"SSH-2.0-OpenSSH_9.7\r\n")
            await self.writer.drain()
        raise ConnectionResetError  # ends the connection

    async def _send(self, reply: Reply, served: Served) -> None:
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        lines = [
            f"HTTP/1.1 {reply.status} X",
            f"Content-Type: {reply.content_type}",
            "Server: fake",
        ]
        if self.fake.mode == "close":
            lines[0] = f"HTTP/1.0 {reply.status} X"
        else:
            lines.append(f"Content-Length: {len(data)}")
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        self.writer.write(head + (b"" if served.method == "HEAD" else data))
        await self.writer.drain()
        if self.fake.mode == "close":
            self.writer.close()
            await self.writer.wait_closed()

    async def _stream(self, served: Served) -> bool:
        mode, chunked = self.fake.mode, self.fake.mode != "close"
        events = bodies.events(served.path, mode, self.fake.texts, served.json)
        version = "1.1" if chunked else "1.0"
        coding = "Transfer-Encoding: chunked\r\n" if chunked else ""
        head = (
            f"HTTP/{version} 200 OK\r\nContent-Type: text/event-stream\r\nServer: fake\r\n{coding}"
        )
        self.writer.write(f"{head}\r\n".encode())
        await self.writer.drain()
        sent, held = 0, bytearray()
        for event in events:
            if event.tokens:
                if self.fake.gap_s:
                    await asyncio.sleep(self.fake.gap_s)
                if mode in {"reset", "hang", "truncated"} and sent == 2:
                    return await self._fail(mode)
                sent += 1
                if mode != "buffered":
                    served.token_ns.extend([perf_counter_ns()] * event.tokens)
            if mode == "buffered":
                held += event.data
            else:
                await self._write(event.data, chunked)
        if held:
            served.token_ns.extend([perf_counter_ns()] * sent)
            await self._write(bytes(held), chunked)
        if chunked:
            self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()
        if mode == "close":
            self.writer.close()
            await self.writer.wait_closed()
        return chunked

    async def _write(self, data: bytes, chunked: bool) -> None:
        size = 3 if self.fake.mode == "split" else len(data)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            self.writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def _fail(self, mode: str) -> bool:
        if mode == "hang":
            await asyncio.sleep(3600)
        if mode == "reset":
            # SO_LINGER with time 0 makes close() send RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            raw = self.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        raise ConnectionResetError  # ends the connection
