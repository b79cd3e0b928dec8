"""``GET /health``: 200 exactly when the server can generate. ``/health/diagnostics``: findings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.answers_operation import Diagnostics, Health
from reference_server.api.errors import RETRY_AFTER_S
from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented
from reference_server.diagnostics import verdict


@documented(Diagnostics, also={503: Diagnostics})
async def diagnostics(request: Request) -> Response:
    """What the rules of ``diagnostics`` find: 503 when something has failed."""
    findings = holder_of(request).findings()
    status = verdict(findings)
    return Response(
        orjson.dumps({"status": status, "findings": [asdict(one) for one in findings]}),
        status_code=503 if status == "unhealthy" else 200,
        media_type="application/json",
    )


@documented(Health, also={503: Health})
async def health(request: Request) -> Response:
    """200 with status ``ok``, else 503 with ``loading``, ``stopping`` or ``dead``."""
    holder = holder_of(request)
    body: dict[str, Any] = {"status": holder.status}
    if holder.service is not None:
        body |= {"model": holder.service.model_id, **asdict(holder.service.state())}
    return Response(
        orjson.dumps(body),
        status_code=200 if body["status"] == "ok" else 503,
        headers={"retry-after": str(RETRY_AFTER_S)} if body["status"] == "loading" else {},
        media_type="application/json",
    )
