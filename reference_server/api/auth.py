"""The API key: asked for everywhere but at the health routes, before anything else is looked at.

A request may present its key as ``Authorization: Bearer`` or as ``x-api-key``; with both, one that
is right is enough. The scheme's case and the spaces after it are free (RFC 9110 section 11.1,
RFC 6750 section 2.1). Without a configured key every request is let in, whatever it presents.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from reference_server.api.errors import ApiError, response

OPEN_PATHS = frozenset({"/health", "/healthz"})


class ApiKey:
    """ASGI middleware that answers 401 unless the request presents the key."""

    def __init__(self, app: ASGIApp, key: str | None) -> None:
        self.app = app
        self.key = key.encode() if key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or self._admits(scope):
            await self.app(scope, receive, send)
            return
        error = ApiError(
            401,
            "The API key is missing or wrong: send it as 'Authorization: Bearer KEY'.",
            code="invalid_api_key",
            headers={"www-authenticate": "Bearer"},
        )
        await response(error, scope)(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        # A browser's preflight (OPTIONS) carries no credentials by definition (Fetch standard).
        if self.key is None or scope["path"] in OPEN_PATHS or scope["method"] == "OPTIONS":
            return True
        return any(hmac.compare_digest(key, self.key) for key in presented(scope["headers"]))


def presented(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The keys among a request's headers (names in lower case, as ASGI gives them)."""
    for name, value in headers:
        if name == b"x-api-key":
            yield value.strip()
        elif name == b"authorization":
            scheme, _, key = value.strip().partition(b" ")
            if scheme.lower() == b"bearer":
                yield key.strip()
