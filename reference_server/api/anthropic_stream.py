"""The events of a streamed message, and the parts they share with an answer in one piece.

Order: message_start, for each block content_block_start, content_block_delta…, content_block_stop,
then message_delta and message_stop. Each event's name is its ``type``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import orjson

from reference_server.api import sse
from reference_server.api.generating import removed
from reference_server.service import Generation, Piece, Reasoning, Text, ToolCallPiece


def opened(piece: Piece) -> dict[str, Any]:
    """A content block as content_block_start shows it: everything but what deltas bring."""
    if isinstance(piece, Text):
        return {"type": "text", "text": ""}
    if isinstance(piece, Reasoning):
        # A signature proves whose thought it is; nobody signs here, and the key must be there.
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "tool_use", "id": piece.id, "name": piece.name, "input": {}}


def filled(piece: Piece) -> dict[str, Any]:
    """The keys of a complete block that differ from the opened one."""
    if isinstance(piece, Text):
        return {"text": piece.text}
    if isinstance(piece, Reasoning):
        return {"thinking": piece.text}
    return {"input": orjson.Fragment(piece.arguments)}  # checked JSON, and passed on unchanged


def ending(generation: Generation, max_tokens: int) -> dict[str, Any]:
    """``stop_reason`` and ``stop_sequence``. A cut below ``max_tokens`` is the context's end."""
    if generation.finish_reason == "tool_calls":
        reason = "tool_use"
    elif generation.finish_reason == "length":
        full = generation.completion_tokens < max_tokens
        reason = "model_context_window_exceeded" if full else "max_tokens"
    else:
        reason = "stop_sequence" if generation.stop_sequence is not None else "end_turn"
    return {"stop_reason": reason, "stop_sequence": generation.stop_sequence}


def produced(generation: Generation) -> dict[str, Any]:
    """The part of ``usage`` that is about the answer."""
    return {
        "output_tokens": generation.completion_tokens,
        "output_tokens_details": {"thinking_tokens": generation.reasoning_tokens},
    }


async def events(
    generation: Generation, message: dict[str, Any], max_tokens: int
) -> AsyncGenerator[bytes, None]:
    """All events of one message, each the bytes of one or more events."""
    opening = _start(generation, message)
    index = -1
    block: type[Piece] | None = None
    async for piece in generation:
        if block is not type(piece) or isinstance(piece, ToolCallPiece):
            if block is not None:
                opening += _block("stop", index)
            index += 1
            block = type(piece)
            opening += _block("start", index, content_block=opened(piece))
        yield opening + _block("delta", index, delta=_delta(piece))
        opening = b""
    if block is None:
        index = 0
        opening += _block("start", index, content_block=opened(Text("")))
    yield opening + _block("stop", index) + _end(generation, max_tokens)


def _start(generation: Generation, message: dict[str, Any]) -> bytes:
    usage = {"input_tokens": generation.prompt_tokens, "output_tokens": 0}
    later: dict[str, Any] = {"content": [], "stop_reason": None, "stop_sequence": None}
    return sse.named({"type": "message_start", "message": {**message, **later, "usage": usage}})


def _end(generation: Generation, max_tokens: int) -> bytes:
    usage = produced(generation)
    delta = ending(generation, max_tokens)
    told = {"type": "message_delta", "delta": delta, "usage": usage, **removed(generation)}
    last = sse.named(told)
    return last + sse.named({"type": "message_stop"})


def _block(step: str, index: int, **content: dict[str, Any]) -> bytes:
    return sse.named({"type": f"content_block_{step}", "index": index, **content})


def _delta(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Text):
        return {"type": "text_delta", "text": piece.text}
    if isinstance(piece, Reasoning):
        return {"type": "thinking_delta", "thinking": piece.text}
    return {"type": "input_json_delta", "partial_json": piece.arguments}
