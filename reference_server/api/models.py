"""``GET /v1/models`` and ``/v1/models/{id}`` in OpenAI's shape, whatever headers ask."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.answers import Model, ModelList
from reference_server.api.holder import holder_of, unknown_model
from reference_server.api.openapi import documented
from reference_server.service import Service


@documented(ModelList)
async def listing(request: Request) -> Response:
    """The one model that is served, under each of its ids."""
    holder = holder_of(request)
    entries = [_entry(holder.ready(), name) for name in holder.names]
    return _json({"object": "list", "data": entries})


@documented(Model)
async def retrieve(request: Request) -> Response:
    """The entry of one id, which may hold slashes, raw or percent-encoded.

    Raises:
        ApiError: 404 for an id that is not served.
    """
    holder = holder_of(request)
    model = request.path_params["model"]
    if not holder.serves(model):
        raise unknown_model(model)
    name = model if model in holder.names else holder.names[0]
    return _json(_entry(holder.ready(), name))


def _entry(service: Service, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": service.created,
        "owned_by": "reference_server",
        "max_model_len": service.context_length,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
