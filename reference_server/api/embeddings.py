"""``POST /v1/embeddings``: one vector of length 1 for each input.

Shape: OpenAPI schema CreateEmbeddingResponse. The served model's embedding is the mean of the last
hidden states of all tokens; a model that was trained to answer ranks texts only roughly by it.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body
from reference_server.api.answers import Embeddings
from reference_server.api.fields import Body
from reference_server.api.generating import json_response, prepared
from reference_server.api.gone import unless_gone
from reference_server.api.holder import ALIAS, Holder, holder_of, unknown_model
from reference_server.api.openapi import documented
from reference_server.api.prompts import Prompts, each
from reference_server.engine.reading import Vector
from reference_server.models.embedding import EmbeddingModel

Encoding = Literal["float", "base64"]


class EmbeddingsBody(Body):
    """The whole body, after the OpenAPI schema CreateEmbeddingRequest; ``user`` has no effect."""

    model: Annotated[str, Field(min_length=1)]
    input: Prompts
    encoding_format: Encoding = "float"
    dimensions: Annotated[int | None, Field(ge=1)] = None
    user: str | None = None


@documented(Embeddings, body=EmbeddingsBody)
async def create(request: Request) -> Response:
    """Embed every input.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
        ClientDisconnect: the client went away first.
    """
    incoming = await body.read(request)
    ask = body.check(EmbeddingsBody, incoming.fields)
    holder = holder_of(request)
    service = holder.ready()
    embedder = _embedder(holder, ask.model)
    tokens = service.tokens if embedder is None else embedder.tokens
    inputs = await prepared(incoming.size, partial(tokens.prompts, each(ask.input), "input"))
    if embedder is None:
        reading = service.reader.embeddings(inputs, ask.dimensions)
    else:
        reading = service.reader.embedded(embedder, inputs, ask.dimensions)
    vectors = await unless_gone(request.receive, reading)
    count = sum(map(len, inputs))
    whole = {
        "object": "list",
        "data": [_entry(*one, ask.encoding_format) for one in enumerate(vectors)],
        "model": ask.model,
        "usage": {"prompt_tokens": count, "total_tokens": count},
    }
    return json_response(whole, body.ignored(EmbeddingsBody, incoming.fields))


def _embedder(holder: Holder, model: str) -> EmbeddingModel | None:
    """The embedding model that a name means; None is the served model.

    Raises:
        ApiError: 404 for a name that means neither.
    """
    embedder = holder.ready().reader.embedder
    alias = model == ALIAS and holder.serves(ALIAS)
    if embedder is not None and (model == embedder.id or alias):
        return embedder
    if not holder.serves(model):
        raise unknown_model(model)
    return None


def _entry(index: int, vector: Vector, encoding: Encoding) -> dict[str, Any]:
    """One vector; base64 is of little-endian float32, as the openai SDK reads it."""
    if encoding == "base64":
        packed = base64.b64encode(vector.astype("<f4").tobytes()).decode()
        return {"object": "embedding", "index": index, "embedding": packed}
    return {"object": "embedding", "index": index, "embedding": vector.tolist()}
