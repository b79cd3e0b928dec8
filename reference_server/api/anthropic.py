"""``POST /v1/messages`` and ``/v1/messages/count_tokens`` as Anthropic's Messages API has them.

Shapes and order of events: https://docs.anthropic.com/en/api/messages-streaming. Any
``anthropic-version`` and ``anthropic-beta`` header is accepted.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body
from reference_server.api.answers import Message, TokenCount
from reference_server.api.anthropic_body import CountBody, MessagesBody
from reference_server.api.anthropic_stream import ending, events, filled, opened, produced
from reference_server.api.form_body import compiled
from reference_server.api.generating import Collected, collected, json_response, prepared, removed
from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented
from reference_server.api.sse import EventStream
from reference_server.api.toolboxes import anthropic_tool, offered_with
from reference_server.service import GenerationOptions, Service, Text


@documented(Message, body=MessagesBody, streams=True)
async def create(request: Request) -> Response:
    """Answer one conversation.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
    """
    incoming = await body.read(request)
    holder = holder_of(request)
    ask = body.check(MessagesBody, offered_with(incoming.fields, holder, anthropic_tool))
    headers = body.ignored(MessagesBody, incoming.fields)
    script = holder.script(ask.model)
    service = holder.ready()
    prompt = await _prompt(service, ask, incoming.size)
    options = GenerationOptions(
        max_tokens=ask.max_tokens,
        temperature=ask.temperature,
        top_p=ask.top_p,
        top_k=ask.top_k,
        seed=None,
        stop=tuple(ask.stop_sequences),
        parse=True,
        tools=ask.offered or None,
        max_thinking_tokens=ask.thinking.budget_tokens,
        script=script,
        grammar=await compiled(
            service, ask.form, prompt, ask.max_tokens, ask.thinking.budget_tokens
        ),
    )
    generation = service.generate(prompt, options)
    message = {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "model": ask.model,
    }
    holder.track(request, generation, message["id"])
    if ask.stream:
        return EventStream(generation, events(generation, message, ask.max_tokens), headers)
    answer = await collected(request, generation)
    content = {
        "content": _blocks(answer),
        **ending(generation, ask.max_tokens),
        **removed(generation),
        "usage": {
            "input_tokens": generation.prompt_tokens,
            **produced(generation),
        },
    }
    return json_response(message | content, headers)


@documented(TokenCount, body=CountBody)
async def count(request: Request) -> Response:
    """The number of input tokens that the same body has as a message.

    Raises:
        ApiError: the body does not fit.
    """
    incoming = await body.read(request)
    holder = holder_of(request)
    ask = body.check(CountBody, offered_with(incoming.fields, holder, anthropic_tool))
    holder.script(ask.model)
    tokens = len(await _prompt(holder.ready(), ask, incoming.size))
    return json_response({"input_tokens": tokens}, body.ignored(MessagesBody, incoming.fields))


async def _prompt(service: Service, ask: CountBody, size: int) -> list[int]:
    options = ask.template_options
    tokens = partial(service.chat_prompt, ask.conversation, ask.offered or None, options)
    return await prepared(size, tokens)


def _blocks(answer: Collected) -> list[dict[str, Any]]:
    blocks = [{**opened(piece), **filled(piece)} for piece in answer.pieces]
    return blocks or [opened(Text(""))]
