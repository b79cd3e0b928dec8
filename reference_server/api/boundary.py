"""The outermost layer: a request id on every response, and the last resort for faults."""

from __future__ import annotations

import logging
import uuid

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_server.api.errors import ApiError, internal, is_anthropic, response
from reference_server.api.sse import failure

logger = logging.getLogger("reference_server")


class Boundary:
    """ASGI middleware that names each request and keeps faults from becoming resets.

    The id goes out as ``x-request-id`` (read by the openai SDK) and, on the Anthropic routes, as
    ``request-id`` too (read by the anthropic SDK). A fault nobody expected is logged with its
    traceback under that id; the client gets a 500 that tells nothing of the inside, or the error
    event of a stream that has begun.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{uuid.uuid4().hex}"
        scope.setdefault("state", {})["request_id"] = request_id
        started: list[Message] = []

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if is_anthropic(scope["path"]):
                    headers["request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, tagged)
        except ApiError as error:  # of a layer: what routes raise, the application answers
            await _apologise(error, scope, receive, tagged, started)
        except Exception:  # the one last resort: whatever it is, a client is waiting
            logger.exception("request %s failed", request_id)
            await _apologise(internal(), scope, receive, tagged, started)


async def _apologise(
    error: ApiError, scope: Scope, receive: Receive, send: Send, started: list[Message]
) -> None:
    if not started:
        await response(error, scope)(scope, receive, send)
        return
    kind = MutableHeaders(scope=started[0]).get("content-type", "")
    if kind.startswith("text/event-stream"):
        last = {"type": "http.response.body", "body": failure(error, scope)}
        await send({**last, "more_body": False})
