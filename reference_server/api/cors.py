"""CORS: which web pages may read this server's answers. None, unless origins are named.

The outermost layer, so that every answer carries the headers: refusals, faults and streams too.
Preflights carry no credentials (Fetch standard) and are answered here, before the key is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")

# What scripts may read beside the body; only the plainest headers are open to them by default.
EXPOSED = (
    "x-request-id", "request-id", "retry-after", "x-ignored-fields", "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
)  # fmt: skip


def cors(origins: Sequence[str]) -> list[Middleware]:
    """The layer, if anybody is to be let in.

    A preflight's headers are echoed, because ``*`` would not cover ``Authorization`` (Fetch
    standard). Cookies are never allowed: keys travel in headers that a page must set itself.
    """
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=tuple(origins),
            allow_methods=METHODS,
            allow_headers=("*",),
            allow_private_network=True,  # of an origin that the operator has named
            expose_headers=EXPOSED,
        )
    ]
