"""``--rate-limit``: so many requests a minute for each client, then 429 until there is room again.

What counts is what makes work: POST, except cancelling. A client is the server's key where it asks
for one, else the address that the connection comes from; behind a proxy that is the proxy's.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_server.api.errors import ApiError, response

# Clients remembered at a time, some 200 bytes each. The one that was quiet for longest is forgotten
# first, and its allowance is full again.
MAX_CLIENTS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left: whole requests, and seconds until all are back or one is."""

    admitted: bool
    remaining: int
    full_s: float
    next_s: float


class Buckets:
    """A bucket of ``per_minute`` tokens for each client, filled steadily; a request takes one."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> Allowance:
        """Take a token, if there is one."""
        now = self._clock()
        level, since = self._levels.pop(client, (float(self.per_minute), now))
        rate = self.per_minute / 60
        level = min(float(self.per_minute), level + (now - since) * rate)
        admitted = level >= 1
        level -= admitted
        self._levels[client] = (level, now)
        if len(self._levels) > MAX_CLIENTS:
            self._levels.popitem(last=False)
        missing = max(0.0, 1 - level)
        return Allowance(admitted, int(level), (self.per_minute - level) / rate, missing / rate)

    def __len__(self) -> int:
        return len(self._levels)


class RateLimit:
    """ASGI middleware that answers 429 beyond the limit, and tells what is left on every answer.

    The headers are OpenAI's: ``x-ratelimit-limit-requests``, ``-remaining-``, ``-reset-``.
    """

    def __init__(self, app: ASGIApp, per_minute: int | None, *, keyed: bool) -> None:
        self.app = app
        self.buckets = Buckets(per_minute) if per_minute is not None else None
        self.keyed = keyed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if self.buckets is None or not counts(scope):
            await self.app(scope, receive, send)
            return
        allowance = self.buckets.take("key" if self.keyed else client_of(scope))
        told = {
            "x-ratelimit-limit-requests": str(self.buckets.per_minute),
            "x-ratelimit-remaining-requests": str(allowance.remaining),
            "x-ratelimit-reset-requests": f"{allowance.full_s:.3f}s",
        }
        if not allowance.admitted:
            limit = f"More than {self.buckets.per_minute} requests a minute; try again later."
            retry = {"retry-after": str(math.ceil(allowance.next_s))}
            error = ApiError(429, limit, code="rate_limit_exceeded", headers=told | retry)
            await response(error, scope)(scope, receive, send)
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, tagged)


def counts(scope: Scope) -> bool:
    """Whether a request asks for work."""
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and not scope["path"].startswith("/v1/requests/")
    )


def client_of(scope: Scope) -> str:
    """The address that the connection comes from; empty on a socket without addresses."""
    return scope["client"][0] if scope.get("client") else ""
