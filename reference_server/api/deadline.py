"""``--request-timeout``: a request that takes longer is ended, and its row is free for others."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from reference_server.api.errors import ApiError


class Deadline:
    """ASGI middleware that cancels a request after ``seconds``.

    The boundary makes what it raises a 504, or the error event of a stream that has begun.
    """

    def __init__(self, app: ASGIApp, seconds: float | None) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request.

        Raises:
            ApiError: 504 when its time is over.
        """
        if scope["type"] != "http" or self.seconds is None:
            await self.app(scope, receive, send)
            return
        limit = asyncio.timeout(self.seconds)
        try:
            async with limit:
                await self.app(scope, receive, send)
        except TimeoutError as error:
            if not limit.expired():
                raise
            sentence = f"This request took longer than {self.seconds:g} s, this server's limit."
            raise ApiError(504, sentence, code="timeout") from error
