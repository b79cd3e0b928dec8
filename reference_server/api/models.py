"""``GET /v1/models`` and ``/v1/models/{id}`` in OpenAI's shape, whatever headers ask."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.holder import ALIAS, holder_of, unknown_model
from reference_server.service import Service


async def listing(request: Request) -> Response:
    """The model that is served, and the one that makes its embeddings if that is another."""
    service = holder_of(request).ready()
    return _json({"object": "list", "data": list(_entries(service).values())})


async def retrieve(request: Request) -> Response:
    """The entry of one id, which may hold slashes, raw or percent-encoded.

    Raises:
        ApiError: 404 for an id that is not served.
    """
    service = holder_of(request).ready()
    model = request.path_params["model"]
    entry = _entries(service).get(service.model_id if model == ALIAS else model)
    if entry is None:
        raise unknown_model(model)
    return _json(entry)


def _entries(service: Service) -> dict[str, dict[str, Any]]:
    """By id, what is told of each model."""
    lengths = {service.model_id: service.context_length}
    if (embedder := service.reader.embedder) is not None:
        lengths.setdefault(embedder.id, embedder.context_length)
    return {
        model: {
            "id": model,
            "object": "model",
            "created": service.created,
            "owned_by": "reference_server",
            "max_model_len": length,
        }
        for model, length in lengths.items()
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
