"""``GET /metrics``: Prometheus's text format 0.0.4, which every version of it reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented


@documented("text/plain")
async def scrape(request: Request) -> Response:
    """All metrics as they are now; also while the model loads, and after the engine's death."""
    holder = holder_of(request)
    holder.meters.service = holder.service
    return Response(
        generate_latest(holder.meters), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4}
    )
