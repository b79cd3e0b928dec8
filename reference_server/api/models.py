"""``GET /v1/models`` and ``/v1/models/{id}`` in OpenAI's shape, whatever headers ask."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.answers import Model, ModelList
from reference_server.api.holder import Holder, holder_of, unknown_model
from reference_server.api.openapi import documented


@documented(ModelList)
async def listing(request: Request) -> Response:
    """The model that is served, under each of its ids, and the one that makes its embeddings."""
    entries = list(_entries(holder_of(request)).values())
    return _json({"object": "list", "data": entries})


@documented(Model)
async def retrieve(request: Request) -> Response:
    """The entry of one id, which may hold slashes, raw or percent-encoded.

    Raises:
        ApiError: 404 for an id that is not served.
    """
    holder = holder_of(request)
    model, entries = request.path_params["model"], _entries(holder)
    if model not in entries and holder.serves(model):
        model = holder.names[0]
    if model not in entries:
        raise unknown_model(model)
    return _json(entries[model])


def _entries(holder: Holder) -> dict[str, dict[str, Any]]:
    """By id, what is told of each model."""
    service = holder.ready()
    lengths = dict.fromkeys(holder.names, service.context_length)
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
