"""``POST /v1/completions``: texts continued, without any chat template.

Shape: OpenAPI schema CreateCompletionResponse, the same for answers and chunks. The choices of the
first prompt come first, then those of the second.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import fmean
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body, sse
from reference_server.api.answers import Completion
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.echo import Echo, echoes
from reference_server.api.errors import invalid
from reference_server.api.generating import (
    collected_all,
    counted,
    json_response,
    looked_at,
    prepared,
)
from reference_server.api.gone import unless_gone
from reference_server.api.holder import holder_of
from reference_server.api.logprobs import TextLogprobs, joined_lists
from reference_server.api.openapi import documented
from reference_server.api.prompts import each
from reference_server.api.sse import EventStream
from reference_server.service import Generation, GenerationOptions, Service, Text
from reference_server.several import Several


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as it is made, behind its echo; no generation when the echo is all of it."""

    index: int
    echo: Echo
    generation: Generation | None
    logprobs: TextLogprobs | None

    @property
    def likelihood(self) -> float:
        """The mean log-probability of the answer's tokens; an empty answer is the least likely."""
        found = self.generation.token_logprobs if self.generation is not None else ()
        return fmean(one.chosen for _, one in found) if found else -inf

    def part(self, text: str, *, opening: bool = False, ended: bool = False) -> dict[str, Any]:
        """A further part; the ``opening`` one begins with the echo."""
        logprobs = self.logprobs.fresh() if self.logprobs is not None else None
        if opening:
            text = self.echo.text + text
            logprobs = joined_lists(self.echo.logprobs, logprobs)
        finish = None
        if ended:
            finish = self.generation.finish_reason if self.generation is not None else "length"
        return {"index": self.index, "text": text, "logprobs": logprobs, "finish_reason": finish}


@documented(Completion, body=CompletionsBody, streams=True)
async def create(request: Request) -> Response:
    """Continue every prompt.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
        ClientDisconnect: the client went away first.
    """
    incoming = await body.read(request)
    ask = body.check(CompletionsBody, incoming.fields)
    headers = body.ignored(CompletionsBody, incoming.fields)
    holder = holder_of(request)
    options = _options(ask, holder.script(ask.model))
    service = holder.ready()
    given = each(ask.prompt)
    prompts = await prepared(incoming.size, partial(service.tokens.prompts, given, "prompt"))
    if ask.max_tokens:
        for prompt in prompts:
            service.check(prompt)
    repeated = [Echo()] * len(prompts)
    if ask.echo:
        reading = echoes(service, given, prompts, ask.logprobs)
        repeated = await unless_gone(request.receive, reading)
    several = _generated(service, prompts, options, ask)
    head: dict[str, Any] = {
        "id": f"cmpl-{uuid.uuid4().hex}",
        "object": "text_completion",
        "created": int(time.time()),
        "model": ask.model,
        "system_fingerprint": service.fingerprint,
    }
    holder.track(request, several, head["id"])
    choices = _choices(service, ask, repeated, several)
    count = sum(map(len, prompts))
    if ask.stream:
        return EventStream(several, _chunks(several, head, choices, ask, count), headers)
    return json_response(await _whole(request, several, head, choices, ask, count), headers)


def _options(ask: CompletionsBody, script: str | None) -> GenerationOptions:
    """How every answer is made; the best of several are told by their log-probabilities."""
    logprobs = ask.logprobs if ask.made == ask.n else ask.logprobs or 0
    return GenerationOptions(
        max_tokens=ask.max_tokens, **ask.choosing(), logprobs=logprobs, script=script
    )


def _generated(
    service: Service, prompts: list[list[int]], options: GenerationOptions, ask: CompletionsBody
) -> Several:
    """All answers to all prompts; none where the prompts are all that was asked for.

    Raises:
        ApiError: there are more than ever find a place at a time.
        ServerError: as ``Service.generate``.
    """
    if ask.max_tokens == 0:
        return Several(())
    wanted, places = len(prompts) * ask.made, service.places
    if wanted > places:
        sentence = f"asks for {wanted} answers in all, and this server makes {places} at most."
        raise invalid("prompt", sentence)
    return Several.of_prompts(
        lambda prompt: service.generate_several(prompt, options, ask.made), prompts, ask.made
    )


def _choices(
    service: Service, ask: CompletionsBody, repeated: Sequence[Echo], several: Several
) -> list[Choice]:
    made: list[Choice] = []
    for echo in repeated:
        for _ in range(ask.made):
            one = several.each[len(made)] if several.each else None
            asked = one is not None and ask.logprobs is not None
            logprobs = TextLogprobs(service, one, len(echo.text)) if one and asked else None
            made.append(Choice(len(made), echo, one, logprobs))
    return made


async def _whole(
    request: Request,
    several: Several,
    head: dict[str, Any],
    choices: list[Choice],
    ask: CompletionsBody,
    prompt_tokens: int,
) -> dict[str, Any]:
    """The answer that is not streamed."""
    answers = await collected_all(request, several)
    told = []
    for start in range(0, len(choices), ask.made):
        best = choices[start : start + ask.made]
        if ask.made > ask.n:
            best = sorted(best, key=lambda choice: -choice.likelihood)[: ask.n]
        told += best
    texts = [answer.text for answer in answers] or [""] * len(choices)
    parts = [choice.part(texts[choice.index], opening=True, ended=True) for choice in told]
    counts = counted(prompt_tokens, several.completion_tokens, several.cached_tokens)
    first = told[0].generation
    return {
        **head,
        "choices": [{**part, "index": index} for index, part in enumerate(parts)],
        "usage": counts,
        **(looked_at(first) if first is not None else {}),
    }


async def _chunks(
    several: Several,
    head: dict[str, Any],
    choices: list[Choice],
    ask: CompletionsBody,
    prompt_tokens: int,
) -> AsyncGenerator[bytes, None]:
    """The events of a stream: echoes, texts, finish, usage if asked for, ``[DONE]``."""
    counts = ask.stream_options.include_usage
    nothing = {"usage": None} if counts else {}

    def chunk(part: dict[str, Any]) -> bytes:
        return sse.data({**head, "choices": [part], **nothing})

    last = b""
    if ask.echo:
        over = not several.each
        last = b"".join(chunk(one.part("", opening=True, ended=over)) for one in choices)
    async for index, piece in several.pieces():
        if isinstance(piece, Text):
            yield last + chunk(choices[index].part(piece.text))
            last = b""
        elif piece is None:
            last += chunk(choices[index].part("", ended=True))
    if counts:
        used = counted(prompt_tokens, several.completion_tokens, several.cached_tokens)
        last += sse.data({**head, "choices": [], "usage": used})
    yield last + sse.DONE
