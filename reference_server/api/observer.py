"""The layer that sees every request and its answer: one line in the log, and the metrics.

A line names the route, never the path or the body: prompts, keys and what a client invents stay
out of the log.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_server.api.meters import Meters
from reference_server.api.record import Record

logger = logging.getLogger("reference_server.requests")

# Asked every few seconds by machines: a line for each is for debugging only.
QUIET = frozenset({"/health", "/healthz", "/metrics", "/v1/status"})


class Observer:
    """ASGI middleware around the boundary, whose answers to faults it sees too.

    ``routes`` are looked through for every request: a layer that refuses one comes before them.
    """

    def __init__(self, app: ASGIApp, meters: Meters, routes: Sequence[Route]) -> None:
        self.app = app
        self.meters = meters
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request; tell of it when it is over, however it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        record = scope.setdefault("state", {})["record"] = Record()
        status = 499  # until something is sent: a client that leaves before is nobody's answer

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            route = _path(self.routes, scope)
            self.meters.answered(record, route, scope["method"], status)
            level = logging.DEBUG if route in QUIET else logging.INFO
            if logger.isEnabledFor(level):
                facts = _facts(record, route, scope, status)
                text = " ".join(f"{name}={value}" for name, value in facts.items())
                logger.log(level, "%s", text, extra={"facts": facts})


def _path(routes: Sequence[Route], scope: Scope) -> str | None:
    """The path of the route that a request is for, if there is one."""
    found = (route.path for route in routes if route.matches(scope)[0] is not Match.NONE)
    return next(found, None)


def _facts(record: Record, route: str | None, scope: Scope, status: int) -> dict[str, Any]:
    """What the line says; keys that do not apply are absent."""
    facts: dict[str, Any] = {
        "request_id": scope["state"].get("request_id"),
        "method": scope["method"],
        "route": route,
        "status": status,
        "total_s": round(record.total_s, 4),
    }
    if record.generations:
        facts |= {
            "prompt_tokens": record.prompt_tokens,
            "cached_tokens": record.cached_tokens,
            "completion_tokens": record.completion_tokens,
            "finish": ",".join(one.finish_reason or "aborted" for one in record.generations),
            "queue_s": _rounded(record.queue_s),
            "ttft_s": _rounded(record.ttft_s),
        }
    return {name: value for name, value in facts.items() if value is not None}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
