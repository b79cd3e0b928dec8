"""What an answer says and how its bytes say it, as JSON values; no judgement yet. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from harness.records import Dialect, Exchange, Json
from harness.wire import Answer, SseEvent, dialect_for, read_sse
from suites.tool_calling.values import decode

# An error's message and the field that it names stand at its start.
_ERROR_BYTES = 1000


def trial(mode: str, exchange: Exchange, dialect: Dialect) -> dict[str, Json]:
    """One answer: read as clients read it, and its tool-call parts as they were sent."""
    answer = dialect_for(dialect).read(exchange)
    good = answer.status == 200
    return {
        "mode": mode,
        "dialect": dialect,
        **_said(answer),
        "shape": _SHAPES[dialect, mode](exchange) if good else {},
        "error_body": "" if good else exchange.body[:_ERROR_BYTES].decode(errors="replace"),
    }


def _said(answer: Answer) -> dict[str, Json]:
    return {
        "status": answer.status,
        "problem": answer.problem,
        "text": answer.text,
        "reasoning": answer.reasoning,
        "calls": [asdict(call) for call in answer.tool_calls],
        "finish": answer.finish_reason,
        "tokens": answer.usage.completion_tokens if answer.usage else None,
    }


def _openai_whole(exchange: Exchange) -> dict[str, Json]:
    choices = _mapping(_value(exchange.body)).get("choices")
    first = _mapping(choices[0]) if isinstance(choices, list) and choices else {}
    message = _mapping(first.get("message"))
    return {"calls": message.get("tool_calls"), "content": message.get("content")}


def _openai_stream(exchange: Exchange) -> dict[str, Json]:
    """``deltas`` as sent; ``order`` names the kinds of events, repeats of one kind made one."""
    deltas: list[Json] = []
    order: list[str] = []
    finishes = 0
    for event in read_sse(exchange.chunks):
        kinds, brought, finished = _openai_event(event)
        deltas += brought
        finishes += finished
        for kind in kinds:
            if not order or order[-1] != kind:
                order.append(kind)
    return {"deltas": deltas, "order": order, "finishes": finishes}


def _openai_event(event: SseEvent) -> tuple[list[str], list[Json], int]:
    if event.data.strip() == "[DONE]":
        return ["done"], [], 0
    value = _mapping(_value(event.data))
    kinds: list[str] = []
    deltas: list[Json] = []
    finishes = 0
    for choice in _list(value.get("choices")):
        delta = _mapping(_mapping(choice).get("delta"))
        calls = _list(delta.get("tool_calls"))
        deltas += calls
        if delta.get("content") or delta.get("reasoning_content") or delta.get("reasoning"):
            kinds.append("text")
        if calls:
            kinds.append("tool")
        if _mapping(choice).get("finish_reason") is not None:
            kinds.append("finish")
            finishes += 1
    if value.get("usage") is not None:
        kinds.append("usage")
    return kinds, deltas, finishes


def _anthropic_whole(exchange: Exchange) -> dict[str, Json]:
    return {"blocks": _mapping(_value(exchange.body)).get("content")}


def _anthropic_stream(exchange: Exchange) -> dict[str, Json]:
    """``order``: [type, index] of every event but pings, repeats of one delta made one."""
    order: list[Json] = []
    blocks: list[Json] = []
    for event in read_sse(exchange.chunks):
        value = _mapping(_value(event.data))
        if value.get("type") == "ping":
            continue
        if value.get("type") == "content_block_start":
            blocks.append(value.get("content_block"))
        step = [value.get("type"), value.get("index")]
        if not order or order[-1] != step:
            order.append(step)
    return {"order": order, "blocks": blocks}


_SHAPES = {
    ("openai", "whole"): _openai_whole,
    ("openai", "stream"): _openai_stream,
    ("anthropic", "whole"): _anthropic_whole,
    ("anthropic", "stream"): _anthropic_stream,
}


def _value(data: bytes | str) -> Json:
    try:
        return decode(data.decode() if isinstance(data, bytes) else data)
    except ValueError:  # the reader's problem sentence says so already
        return None


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []
