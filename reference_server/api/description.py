"""``GET /openapi.json``: the document of this server's routes, made once it is asked for."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.api.holder import holder_of
from reference_server.api.openapi import document, documented
from reference_server.arguments import release


@documented("application/json")
async def openapi(request: Request) -> Response:
    """This document: OpenAPI 3.1 of all routes."""
    known = request.app.state
    if not hasattr(known, "openapi"):
        routes = [route for route in request.app.routes if isinstance(route, Route)]
        keyed = holder_of(request).settings.api_key is not None
        known.openapi = orjson.dumps(document(routes, keyed=keyed, version=release()))
    return Response(known.openapi, media_type="application/json")
