"""``GET /v1/status`` and cancelling: what runs now, and ending one of it."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.answers_operation import Cancelled, Status
from reference_server.api.errors import ApiError
from reference_server.api.generating import json_response
from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented
from reference_server.api.record import Running
from reference_server.machine import memory


@documented(Status)
async def status(request: Request) -> Response:
    """Counts, memory in bytes, and every request that runs or waits, under all of its ids."""
    holder = holder_of(request)
    state = holder.ready().state()
    ids: dict[Running, list[str]] = {}
    for name, generation in list(holder.running.items()):
        if generation.state != "finished":
            ids.setdefault(generation, []).append(name)
    body = {
        "status": holder.status,
        "running": state.running,
        "waiting": state.waiting,
        "finished": state.finished,
        "memory": memory(),
        "speculation": asdict(state.speculation) if state.speculation is not None else None,
        "requests": [_told(generation, names) for generation, names in ids.items()],
    }
    return json_response(body, {})


@documented(Cancelled)
async def cancel(request: Request) -> Response:
    """End a request by the id of its answer or its ``x-request-id``; its client gets an error.

    Raises:
        ApiError: 404 when no such request runs or waits.
    """
    name = request.path_params["id"]
    generation = holder_of(request).running.get(name)
    if generation is None or generation.state == "finished":
        raise ApiError(404, f"No request {name!r} runs or waits here.", code="not_found")
    generation.abort()
    return json_response({"id": name, "cancelled": True}, {})


def _told(generation: Running, names: list[str]) -> dict[str, Any]:
    return {
        "ids": names,
        "state": generation.state,
        "age_s": round(time.monotonic() - generation.started, 3),
        "prompt_tokens": generation.prompt_tokens,
        "cached_tokens": generation.cached_tokens,
        "completion_tokens": generation.completion_tokens,
    }
