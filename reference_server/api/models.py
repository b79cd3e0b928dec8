"""``GET /v1/models`` and ``/v1/models/{id}`` in OpenAI's shape, whatever headers ask."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.holder import ALIAS, holder_of, unknown_model
from reference_server.service import Service


async def listing(request: Request) -> Response:
    """The one model that is served."""
    service = holder_of(request).ready()
    return _json({"object": "list", "data": [_entry(service)]})


async def retrieve(request: Request) -> Response:
    """The entry of one id, which may hold slashes, raw or percent-encoded.

    Raises:
        ApiError: 404 for an id that is not served.
    """
    service = holder_of(request).ready()
    model = request.path_params["model"]
    if model not in (service.model_id, ALIAS):
        raise unknown_model(model)
    return _json(_entry(service))


def _entry(service: Service) -> dict[str, Any]:
    return {
        "id": service.model_id,
        "object": "model",
        "created": service.created,
        "owned_by": "reference_server",
        "max_model_len": service.context_length,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
