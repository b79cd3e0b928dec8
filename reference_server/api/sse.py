"""Server-sent events: their bytes, and the response that streams them.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reference_server.api.errors import ApiError, from_service, is_anthropic, shaped
from reference_server.api.gone import unless_gone
from reference_server.errors import ServerError
from reference_server.service import Generation
from reference_server.several import Several

logger = logging.getLogger("reference_server")

# Proxies and HTTP clients give up on a silent connection, the common ones after 60 s (nginx
# proxy_read_timeout); 10 s stays well below also behind stricter ones.
KEEP_ALIVE_S = 10.0
COMMENT = b": keep-alive\n\n"
DONE = b"data: [DONE]\n\n"


def data(body: Mapping[str, Any]) -> bytes:
    """An event with data only, as the OpenAI routes send it. JSON never holds a bare newline."""
    return b"data: " + orjson.dumps(body) + b"\n\n"


def named(body: Mapping[str, Any]) -> bytes:
    """An event whose name is the body's ``type``, as the Anthropic routes send it."""
    return b"event: " + str(body["type"]).encode() + b"\n" + data(body)


def failure(error: ApiError, scope: Scope) -> bytes:
    """An error in the middle of a stream, in the shape of the request's family."""
    return (named if is_anthropic(scope["path"]) else data)(shaped(error, scope))


class EventStream(Response):
    """Streams ``events``; the head goes out with the first of them.

    What fails before the first event is raised, so that it becomes a status of its own; what fails
    later is told by an error event, after which the stream ends without pretending to be finished.
    A long prefill starts the stream with a comment after ``KEEP_ALIVE_S``, repeated in silence.
    When the client goes away, ``generation`` is cancelled at once.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        generation: Generation | Several,
        events: AsyncGenerator[bytes, None],
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(headers={"cache-control": "no-cache", **headers})
        del self.headers["content-length"]
        self.generation = generation
        self.events = events
        self.started = False
        self.silent = True
        self.lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream until it ends or the client goes away."""
        comments = asyncio.create_task(self._keep_alive(send))
        try:
            await unless_gone(receive, self._stream(scope, send))
        except ClientDisconnect:
            # Ordinary. Before the head, the application answers it as everywhere else.
            if not self.started:
                raise
            logger.debug("request %s: the client went away", scope["state"]["request_id"])
        finally:
            comments.cancel()
            await asyncio.gather(comments, return_exceptions=True)
            self.generation.cancel()
            await self.events.aclose()

    async def _stream(self, scope: Scope, send: Send) -> None:
        try:
            async for event in self.events:
                await self._write(send, event)
        except ServerError as error:
            if not self.started:
                raise
            await self._write(send, failure(from_service(error, scope), scope))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, send: Send, body: bytes) -> None:
        async with self.lock:
            if not self.started:
                self.started = True
                head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(head)
            self.silent = False
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _keep_alive(self, send: Send) -> None:
        while True:
            self.silent = True
            await asyncio.sleep(KEEP_ALIVE_S)
            if self.silent:
                await self._write(send, COMMENT)
