"""uvicorn with this server's manners: errors in JSON, limits on requests, a start and end in order.

Start: the socket is bound first, so that ``/health`` tells of loading. End: accept nothing more,
let what runs finish within the drain time, tell the rest that it is over, and exit with 0.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from reference_server.api.app import create_app
from reference_server.api.errors import ApiError, openai_body
from reference_server.api.holder import Holder
from reference_server.errors import ModelNotLoaded, ServerError
from reference_server.service import Service

logger = logging.getLogger("reference_server")

# All headers of one request; llhttp itself has no limit. nginx and node allow 16 to 32 KiB.
MAX_HEADER_BYTES = 64 * 1024

# A request must be here as a whole by then, so that half-open ones do not pile up. At 16 MiB
# this still admits a line of 2 Mbit/s.
REQUEST_TIMEOUT_S = 75.0

# An idle connection lives as long as with nginx (keepalive_timeout), longer than the pools of the
# usual clients keep theirs: then the client closes, and no request meets a closing socket.
KEEP_ALIVE_S = 75

# After the drain time every stream has been told; this is for the last bytes to leave.
LAST_BYTES_S = 3


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with limits, and with errors that are JSON."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        super().__init__(*args, **kwargs)
        self.header_bytes = 0
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock of the first request (uvicorn narrows the type as well)."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request starts."""
        self.header_bytes = 0
        self._start_clock()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Refuse what is too much before it is kept."""
        self.header_bytes += len(name) + len(value)
        if self.header_bytes > MAX_HEADER_BYTES:
            raise ValueError("The headers are too large.")  # httptools: HttpParserError
        super().on_header(name, value)

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self._stop_clock()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, then close: behind it nothing can be found again."""
        error = ApiError(400, "This is not a valid HTTP/1.1 request.", code="invalid_http")
        status = b"400 Bad Request"
        if self.header_bytes > MAX_HEADER_BYTES:
            limit = f"The headers are larger than {MAX_HEADER_BYTES} bytes."
            error = ApiError(431, limit, code="headers_too_large")
            status = b"431 Request Header Fields Too Large"
        body = orjson.dumps(openai_body(error))
        head = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\nconnection: close\r\n"
        length = b"content-length: %d\r\n\r\n" % len(body)
        self.transport.write(head % status + length + body)
        self.transport.close()

    def _start_clock(self) -> None:
        self._stop_clock()
        self.deadline = self.loop.call_later(REQUEST_TIMEOUT_S, self.transport.close)

    def _stop_clock(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


class Server(uvicorn.Server):
    """Serves a holder; the service is loaded in a thread of its own once requests are heard.

    ``failure`` is the reason why the model could not be loaded; the server then ends by itself.
    """

    def __init__(
        self, holder: Holder, load: Callable[[], Service], *, drain_s: float, log_level: str
    ) -> None:
        super().__init__(
            uvicorn.Config(
                create_app(holder),
                http=Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level=log_level,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=int(drain_s) + LAST_BYTES_S,
            )
        )
        self.holder = holder
        self.load = load
        self.drain_s = drain_s
        self.failure: ServerError | None = None
        self._monitor: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then load."""
        await super().startup(sockets)
        if self.holder.toolboxes is not None:
            self.holder.toolboxes.open()
        loop = asyncio.get_running_loop()
        # A daemon: an end that is asked for during a long load does not wait for it.
        threading.Thread(target=self._load, args=(loop,), daemon=True, name="load").start()

    def _load(self, loop: asyncio.AbstractEventLoop) -> None:
        service = None
        failure: ServerError | None = ModelNotLoaded("The model cannot be loaded: see the log.")
        try:
            service = self.load()
            failure = None
        except ServerError as error:
            failure = error
        finally:
            with suppress(RuntimeError):  # the loop has ended: nobody waits for the model
                loop.call_soon_threadsafe(self._loaded, service, failure)

    def _loaded(self, service: Service | None, failure: ServerError | None) -> None:
        self.holder.service, self.failure = service, failure
        self.should_exit = self.should_exit or failure is not None
        if service is not None:
            self._watch(service)
            for finding in self.holder.findings():
                level = logging.INFO if finding.level == "info" else logging.WARNING
                logger.log(level, "%s", f"{finding.sentence} {finding.remedy}".strip())

    def _watch(self, service: Service) -> None:
        settings = self.holder.settings
        if settings.divergence_threshold is not None:
            monitor = service.monitor(settings.divergence_threshold, settings.divergence_action)
            self._monitor = asyncio.create_task(monitor.run(settings.divergence_interval_s))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting and drain, then end the MCP servers, whose processes must not be left."""
        try:
            await self._drain(sockets)
        finally:
            if self.holder.toolboxes is not None:
                await self.holder.toolboxes.close()

    async def _drain(self, sockets: list[socket.socket] | None) -> None:
        """Side by side: streams end while uvicorn waits for them."""
        if self._monitor is not None:
            self._monitor.cancel()
        service = self.holder.service
        if service is None:
            await super().shutdown(sockets)
            return
        drain = asyncio.create_task(asyncio.to_thread(service.close, self.drain_s))
        await super().shutdown(sockets)
        await drain

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server in order; uvicorn would raise them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handled = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self.handle_exit) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
