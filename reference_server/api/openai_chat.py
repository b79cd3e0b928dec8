"""``POST /v1/chat/completions``: answers and streams of chunks.

Shapes: OpenAPI schemas CreateChatCompletionResponse and CreateChatCompletionStreamResponse.
Reasoning goes out as ``reasoning_content`` and, for clients of the newer name, as ``reasoning``;
both keys are absent when the model does not reason.
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
from reference_server.api.answers import ChatCompletion
from reference_server.api.chat_body import ChatBody
from reference_server.api.fields import tool_for_template
from reference_server.api.form_body import compiled
from reference_server.api.generating import (
    Collected,
    collected_all,
    json_response,
    looked_at,
    prepared,
    removed,
    usage,
)
from reference_server.api.holder import holder_of
from reference_server.api.logprobs import ChatLogprobs
from reference_server.api.openapi import documented
from reference_server.api.sse import EventStream
from reference_server.api.toolboxes import offered_with
from reference_server.service import Generation, GenerationOptions, Piece, Reasoning, Text
from reference_server.several import Several


@documented(ChatCompletion, body=ChatBody, streams=True)
async def create(request: Request) -> Response:
    """Answer one conversation.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
    """
    incoming = await body.read(request)
    holder = holder_of(request)
    ask = body.check(ChatBody, offered_with(incoming.fields, holder, tool_for_template))
    headers = body.ignored(ChatBody, incoming.fields)
    script = holder.script(ask.model)
    service = holder.ready()
    messages = [message.for_template() for message in ask.messages]
    tokens = partial(service.chat_prompt, messages, ask.offered or None, ask.template_options)
    prompt = await prepared(incoming.size, tokens)
    most = ask.max_completion_tokens or ask.max_tokens or holder.settings.default_max_tokens
    options = GenerationOptions(
        max_tokens=most,
        **ask.choosing(),
        logprobs=ask.top_logprobs if ask.logprobs else None,
        parse=True,
        tools=ask.offered or None,
        max_thinking_tokens=ask.max_thinking_tokens,
        script=script,
        grammar=await compiled(service, ask.form, prompt, most, ask.max_thinking_tokens),
    )
    several = service.generate_several(prompt, options, ask.n)
    head: dict[str, Any] = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": ask.model,
        "system_fingerprint": service.fingerprint,
    }
    holder.track(request, several, head["id"])
    logprobs = [ChatLogprobs(service, one) for one in several.each]
    if ask.stream:
        counts = ask.stream_options.include_usage
        events = _chunks(several, head, logprobs, include_usage=counts)
        return EventStream(several, events, headers)
    answers = await collected_all(request, several)
    choices = [
        _choice(index, *parts)
        for index, parts in enumerate(zip(answers, several.each, logprobs, strict=True))
    ]
    whole = {
        **head,
        "object": "chat.completion",
        "choices": choices,
        "usage": usage(several),
        **looked_at(several.first),
    }
    return json_response(whole, headers)


def _choice(
    index: int, answer: Collected, generation: Generation, logprobs: ChatLogprobs
) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": answer.text if answer.text or not answer.calls else None,
        "refusal": None,
    }
    if answer.reasoning:
        message |= {"reasoning_content": answer.reasoning, "reasoning": answer.reasoning}
    if answer.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in answer.calls
        ]
    return {
        "index": index,
        "message": message,
        "logprobs": logprobs.fresh(),
        "finish_reason": generation.finish_reason,
        **removed(generation),
    }


async def _chunks(
    several: Several, head: dict[str, Any], logprobs: list[ChatLogprobs], *, include_usage: bool
) -> AsyncGenerator[bytes, None]:
    """The events of a stream: role, deltas, finish, usage if asked for, ``[DONE]``."""
    frame = {**head, "object": "chat.completion.chunk"}
    nothing = {"usage": None} if include_usage else {}

    def chunk(index: int, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": index, "delta": delta, "finish_reason": finish}
        if finish is not None:
            choice |= removed(several.each[index])
        if "role" not in delta and (found := logprobs[index].fresh()) is not None:
            choice["logprobs"] = found
        return sse.data({**frame, "choices": [choice], **nothing})

    role = {"role": "assistant", "content": ""}
    opening = b"".join(chunk(index, role) for index in range(len(several.each)))
    ending = b""
    async for index, piece in several.pieces():
        if piece is None:
            ending += chunk(index, {}, several.each[index].finish_reason)
        else:
            yield opening + ending + chunk(index, _delta(piece))
            opening = ending = b""
    last = opening + ending
    if include_usage:
        last += sse.data({**frame, "choices": [], "usage": usage(several)})
    yield last + sse.DONE


def _delta(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Text):
        return {"content": piece.text}
    if isinstance(piece, Reasoning):
        return {"reasoning_content": piece.text, "reasoning": piece.text}
    call = {
        "index": piece.index,
        "id": piece.id,
        "type": "function",
        "function": {"name": piece.name, "arguments": piece.arguments},
    }
    return {"tool_calls": [call]}
