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
from reference_server.api.answers import Completion
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.generating import collected_all, json_response, looked_at, prepared, usage
from reference_server.api.holder import holder_of
from reference_server.api.logprobs import TextLogprobs
from reference_server.api.openapi import documented
from reference_server.api.sse import EventStream
from reference_server.service import GenerationOptions, Text
from reference_server.several import Several


@documented(Completion, body=CompletionsBody, streams=True)
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
    several = service.generate_several(prompt, options, ask.n)
    head: dict[str, Any] = {
        "id": f"cmpl-{uuid.uuid4().hex}",
        "object": "text_completion",
        "created": int(time.time()),
        "model": ask.model,
    }
    holder.track(request, several, head["id"])
    logprobs = [TextLogprobs(service, one) for one in several.each]
    if ask.stream:
        counts = ask.stream_options.include_usage
        events = _chunks(several, head, logprobs, include_usage=counts)
        return EventStream(several, events, headers)
    answers = await collected_all(request, several)
    choices = [
        _choice(index, answer.text, several.each[index].finish_reason, logprobs[index])
        for index, answer in enumerate(answers)
    ]
    whole = {**head, "choices": choices, "usage": usage(several), **looked_at(several)}
    return json_response(whole, headers)


async def _chunks(
    several: Several, head: dict[str, Any], logprobs: list[TextLogprobs], *, include_usage: bool
) -> AsyncGenerator[bytes, None]:
    """The events of a stream: texts, finish, usage if asked for, ``[DONE]``."""
    nothing = {"usage": None} if include_usage else {}
    last = b""
    async for index, piece in several.pieces():
        if isinstance(piece, Text):
            choice = _choice(index, piece.text, None, logprobs[index])
            yield last + sse.data({**head, "choices": [choice], **nothing})
            last = b""
        elif piece is None:
            choice = _choice(index, "", several.each[index].finish_reason, logprobs[index])
            last += sse.data({**head, "choices": [choice], **nothing})
    if include_usage:
        last += sse.data({**head, "choices": [], "usage": usage(several)})
    yield last + sse.DONE


def _choice(index: int, text: str, finish: str | None, logprobs: TextLogprobs) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": logprobs.fresh(), "finish_reason": finish}
