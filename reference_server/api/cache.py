"""``GET /v1/cache/stats`` and ``DELETE /v1/cache``: what prefixes are kept, and forgetting them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.answers_operation import CacheStats, Cleared
from reference_server.api.generating import json_response
from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented


@documented(CacheStats)
async def stats(request: Request) -> Response:
    """The counters; ``enabled`` is false where this model or this server has no prefix cache."""
    found = holder_of(request).ready().cache_stats()
    enabled = found is not None and found.budget_bytes > 0
    return json_response({"enabled": enabled, **(asdict(found) if found else {})}, {})


@documented(Cleared)
async def clear(request: Request) -> Response:
    """Forget all prefixes; requests that run keep what they have."""
    service = holder_of(request).ready()
    return json_response({"cleared_blocks": await asyncio.to_thread(service.clear_cache)}, {})
