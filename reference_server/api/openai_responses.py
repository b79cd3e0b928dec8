"""``POST /v1/responses``: answers and streams of events.

Shapes: OpenAPI schemas Response and ResponseStreamEvent. Each event's name is its ``type``, and no
``[DONE]`` follows the last.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from reference_server.api import answers_responses as answers
from reference_server.api import body, sse
from reference_server.api.errors import from_service
from reference_server.api.form_body import compiled
from reference_server.api.generating import json_response, prepared
from reference_server.api.gone import unless_gone
from reference_server.api.holder import Holder, holder_of
from reference_server.api.logprobs import ChatLogprobs
from reference_server.api.openapi import documented
from reference_server.api.responses_answer import ResponseAnswer
from reference_server.api.responses_body import ResponsesBody
from reference_server.api.responses_history import History, history_of
from reference_server.api.responses_output import Event
from reference_server.api.responses_prompt import prompt
from reference_server.api.sse import EventStream
from reference_server.errors import Cancelled, ServerError
from reference_server.service import GenerationOptions


@documented(answers.Response, body=ResponsesBody, streams=True)
async def create(request: Request) -> Response:
    """Answer the input.

    Raises:
        ApiError: the body does not fit, the response before it is not there, or the service
            refuses it.
    """
    incoming = await body.read(request)
    ask = body.check(ResponsesBody, incoming.fields)
    headers = body.ignored(ResponsesBody, incoming.fields)
    holder = holder_of(request)
    script = holder.script(ask.model)
    service = holder.ready()
    history = history_of(holder.responses, ask)
    most = ask.max_output_tokens or holder.settings.default_max_tokens
    tokens = await prepared(
        incoming.size + history.nbytes, partial(prompt, service, ask, history.items, most)
    )
    options = GenerationOptions(
        max_tokens=most,
        **ask.choosing(),
        logprobs=ask.logprobs,
        parse=True,
        tools=ask.offered or None,
        max_thinking_tokens=ask.max_thinking_tokens,
        script=script,
        grammar=await compiled(service, ask.form, tokens, most, ask.max_thinking_tokens),
    )
    generation = service.generate(tokens, options)
    answer = ResponseAnswer(generation, ask.told(), ChatLogprobs(service, generation))
    holder.track(request, generation, answer.id)
    holder.answering[answer.id] = answer
    keep = partial(_keep, holder, answer, history if ask.store else None)
    if ask.stream:
        return EventStream(generation, _events(answer, keep, request.scope), headers)
    try:
        await unless_gone(request.receive, _collect(answer))
    finally:
        generation.cancel()
    keep()
    return json_response(answer.resource(), headers)


def _keep(holder: Holder, answer: ResponseAnswer, history: History | None) -> None:
    """Store an answer that has ended, together with what it answers."""
    if history is not None:
        continues = answer.status in ("completed", "incomplete")
        stored = history.stored(answer.resource(), continues=continues)
        holder.responses.put(answer.id, stored)


async def _collect(answer: ResponseAnswer) -> None:
    answer.begin()
    async for piece in answer.generation:
        answer.push(piece)
    answer.finish()


async def _events(
    answer: ResponseAnswer, keep: Callable[[], None], scope: Scope
) -> AsyncGenerator[bytes, None]:
    """The events of a stream. What fails before the first is raised: it has a status of its own."""
    opening = _bytes(answer.begin())
    try:
        async for piece in answer.generation:
            yield opening + _bytes(answer.push(piece))
            opening = b""
    except ServerError as error:
        if opening:
            raise
        told = from_service(error, scope)
        last = answer.fail(told, cancelled=isinstance(error, Cancelled))
    else:
        last = answer.finish()
    keep()
    yield opening + _bytes(last)


def _bytes(events: list[Event]) -> bytes:
    return b"".join(map(sse.named, events))
