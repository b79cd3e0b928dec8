"""``POST /v1/completions``: a text continued, without any chat template.

Shape: OpenAPI schema CreateCompletionResponse, the same for answers and chunks.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body, sse
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.generating import collected, json_response, looked_at, prepared, usage
from reference_server.api.holder import holder_of
from reference_server.api.logprobs import TextLogprobs
from reference_server.api.sse import EventStream
from reference_server.service import Generation, GenerationOptions, Text


async def create(request: Request) -> Response:
    """Continue one prompt.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
    """
    incoming = await body.read(request)
    ask = body.check(CompletionsBody, incoming.fields)
    headers = body.ignored(CompletionsBody, incoming.fields)
    holder = holder_of(request)
    options = GenerationOptions(
        max_tokens=ask.max_tokens,
        **ask.choosing(),
        logprobs=ask.logprobs,
        script=holder.script(ask.model),
    )
    service = holder.ready()
    prompt = await prepared(incoming.size, partial(service.text_prompt, ask.single))
    generation = service.generate(prompt, options)
    head: dict[str, Any] = {
        "id": f"cmpl-{uuid.uuid4().hex}",
        "object": "text_completion",
        "created": int(time.time()),
        "model": ask.model,
    }
    holder.track(request, generation, head["id"])
    logprobs = TextLogprobs(service, generation)
    if ask.stream:
        counts = ask.stream_options.include_usage
        events = _chunks(generation, head, logprobs, include_usage=counts)
        return EventStream(generation, events, headers)
    answer = await collected(request, generation)
    choices = [_choice(answer.text, generation.finish_reason, logprobs)]
    whole = {**head, "choices": choices, "usage": usage(generation), **looked_at(generation)}
    return json_response(whole, headers)


async def _chunks(
    generation: Generation, head: dict[str, Any], logprobs: TextLogprobs, *, include_usage: bool
) -> AsyncGenerator[bytes, None]:
    """The events of a stream: texts, finish, usage if asked for, ``[DONE]``."""
    nothing = {"usage": None} if include_usage else {}
    async for piece in generation:
        if isinstance(piece, Text):
            yield sse.data({**head, "choices": [_choice(piece.text, None, logprobs)], **nothing})
    ending = _choice("", generation.finish_reason, logprobs)
    last = sse.data({**head, "choices": [ending], **nothing})
    if include_usage:
        last += sse.data({**head, "choices": [], "usage": usage(generation)})
    yield last + sse.DONE


def _choice(text: str, finish: str | None, logprobs: TextLogprobs) -> dict[str, Any]:
    return {"index": 0, "text": text, "logprobs": logprobs.fresh(), "finish_reason": finish}
