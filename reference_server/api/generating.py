"""What the generation routes have in common: preparing, collecting, counting, answering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api.gone import unless_gone
from reference_server.service import (
    Generation,
    Piece,
    Reasoning,
    Text,
    ToolCallPiece,
)
from reference_server.several import Several

# Rendering and tokenising this much takes some 10 ms; more is done beside the event loop, so that
# a long prompt does not hold up everybody's tokens.
INLINE_BYTES = 16 * 1024

R = TypeVar("R")


async def prepared(size: int, make: Callable[[], R]) -> R:
    """What ``make`` turns a body of ``size`` bytes into: the tokens of its prompt.

    Raises:
        BadRequest: the template or the tokenizer refuses.
    """
    return make() if size <= INLINE_BYTES else await asyncio.to_thread(make)


@dataclass(frozen=True, slots=True)
class Collected:
    """All pieces of one generation in their order; neighbours of one kind are one piece."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The content."""
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Text))

    @property
    def reasoning(self) -> str:
        """What the model thought before it answered."""
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Reasoning))

    @property
    def calls(self) -> list[ToolCallPiece]:
        """The tool calls."""
        return [piece for piece in self.pieces if isinstance(piece, ToolCallPiece)]


async def collected_all(request: Request, several: Several) -> list[Collected]:
    """Everything that the model said in each answer; it stops when the client goes away.

    Raises:
        ClientDisconnect: the client went away first.
        GenerationFailed: the engine could not finish one of them.
    """

    async def all_of_it() -> list[Collected]:
        return list(await asyncio.gather(*(_collect(one) for one in several.each)))

    try:
        return await unless_gone(request.receive, all_of_it())
    finally:
        several.cancel()


async def collected(request: Request, generation: Generation) -> Collected:
    """Everything the model said; it stops saying it when the client goes away.

    Raises:
        ClientDisconnect: the client went away first.
        GenerationFailed: the engine could not finish this request.
    """
    (answer,) = await collected_all(request, Several((generation,)))
    return answer


async def _collect(generation: Generation) -> Collected:
    texts: list[str] = []
    pieces: list[Piece] = []
    last: type[Text | Reasoning] | None = None

    def close() -> None:
        if last is not None:
            pieces.append(last("".join(texts)))
            texts.clear()

    async for piece in generation:
        kind = None if isinstance(piece, ToolCallPiece) else type(piece)
        if kind is not last:
            close()
            last = kind
        if isinstance(piece, ToolCallPiece):
            pieces.append(piece)
        else:
            texts.append(piece.text)
    close()
    return Collected(tuple(pieces))


def usage(generation: Generation | Several) -> dict[str, Any]:
    """OpenAI's CompletionUsage."""
    prompt, completion = generation.prompt_tokens, generation.completion_tokens
    return counted(prompt, completion, generation.cached_tokens, generation.reasoning_tokens)


def counted(
    prompt: int, completion: int = 0, cached: int = 0, reasoning: int = 0
) -> dict[str, Any]:
    """The same of numbers of tokens."""
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }


def looked_at(generation: Generation) -> dict[str, Any]:
    """Hashes of a choice's logits, one a token and one for the end, where they are kept."""
    kept = generation.completion_tokens + (generation.finish_reason != "length")
    hashes = generation.logits_hashes[:kept]
    return {"logits_hashes": hashes} if hashes else {}


def removed(generation: Generation) -> dict[str, Any]:
    """The calls that ``--tool-call-dedupe`` took out of an answer, where it did."""
    calls = [{"name": call.name, "arguments": call.arguments} for call in generation.removed_calls]
    return {"x_removed_tool_calls": calls} if calls else {}


def json_response(content: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A 200 with a JSON body."""
    return Response(orjson.dumps(content), headers=headers, media_type="application/json")
