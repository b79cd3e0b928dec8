"""What the fake server says: documents and events of both dialects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

PROMPT_TOKENS = 7
CALLS = (("call_0", "weather", '{"city": "Köln"}'), ("call_1", "clock", '{"zone": "CET"}'))


@dataclass(frozen=True)
class Event:
    """Bytes of one event and how many tokens it carries."""

    data: bytes
    tokens: int = 0


def error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


def models(model: str) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": model, "object": "model", "created": 0}]}


def _usage(texts: Sequence[str]) -> dict[str, int]:
    done = len(texts)
    return {
        "prompt_tokens": PROMPT_TOKENS,
        "completion_tokens": done,
        "total_tokens": PROMPT_TOKENS + done,
    }


def _cut(texts: Sequence[str], asked: dict[str, Any]) -> tuple[Sequence[str], bool]:
    limit = asked.get("max_tokens") or len(texts)
    return texts[:limit], limit < len(texts)


def completion(mode: str, texts: Sequence[str], asked: dict[str, Any]) -> dict[str, Any]:
    """A chat.completion document."""
    texts, short = _cut(texts, asked)
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts)}
    finish = "length" if short else "stop"
    if mode == "reasoning":
        half = len(texts) // 2
        message["reasoning_content"] = "".join(texts[:half])
        message["content"] = "".join(texts[half:])
    if mode == "tools":
        message["content"], finish = None, "tool_calls"
        message["tool_calls"] = [
            {"id": i, "type": "function", "function": {"name": name, "arguments": arguments}}
            for i, name, arguments in CALLS
        ]
    choice = {"index": 0, "message": message, "finish_reason": finish}
    whole = {"id": "c1", "object": "chat.completion", "created": 0, "model": asked["model"]}
    return {**whole, "choices": [choice], "usage": _usage(texts)}


def message(mode: str, texts: Sequence[str], asked: dict[str, Any]) -> dict[str, Any]:
    """A Messages API document."""
    texts, short = _cut(texts, asked)
    content: list[dict[str, Any]] = [{"type": "text", "text": "".join(texts)}]
    if mode == "tools":
        content = [
            {"type": "tool_use", "id": i, "name": name, "input": json.loads(arguments)}
            for i, name, arguments in CALLS
        ]
    return {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": content,
        "stop_reason": "tool_use" if mode == "tools" else "max_tokens" if short else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": len(texts)},
    }


def events(path: str, mode: str, texts: Sequence[str], asked: dict[str, Any]) -> Iterator[Event]:
    """The events of a stream."""
    texts, short = _cut(texts, asked)
    if path == "/v1/messages":
        yield from _message_events(texts, short)
    else:
        yield from _chat_events(mode, texts, short, asked)


def _frame(mode: str, value: Any, name: str = "") -> bytes:
    end = "\r\n" if mode == "crlf" else "\n"
    lines = [": keep-alive", ""] if mode == "crlf" else []
    lines += [f"event: {name}"] if name else []
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return end.join([*lines, f"data: {data}", "", ""]).encode()


def _chat_events(
    mode: str, texts: Sequence[str], short: bool, asked: dict[str, Any]
) -> Iterator[Event]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _frame(mode, {"object": "chat.completion.chunk", "choices": [choice]})

    yield Event(chunk({"role": "assistant", "content": ""}))
    if mode == "tools":
        yield from (Event(chunk({"tool_calls": [delta]}), 1) for delta in _call_deltas())
    else:
        step = 4 if mode == "multi" else 1
        for start in range(0, len(texts), step):
            if mode == "error_event" and start == 2:
                yield Event(_frame(mode, error("out of memory")))
                return
            part = texts[start : start + step]
            thinking = mode == "reasoning" and start < len(texts) // 2
            field = "reasoning_content" if thinking else "content"
            yield Event(chunk({field: "".join(part)}), len(part))
    if mode != "unfinished":
        finish = "tool_calls" if mode == "tools" else "length" if short else "stop"
        yield Event(chunk({}, finish))
    wants_usage = (asked.get("stream_options") or {}).get("include_usage")
    if wants_usage and mode not in {"unfinished", "no_usage"}:
        yield Event(_frame(mode, {"choices": [], "usage": _usage(texts)}))
    yield Event(_frame(mode, "[DONE]"))


def _call_deltas() -> Iterator[dict[str, Any]]:
    for index, (i, name, arguments) in enumerate(CALLS):
        function = {"name": name, "arguments": ""}
        yield {"index": index, "id": i, "type": "function", "function": function}
        for start in range(0, len(arguments), 5):
            part = arguments[start : start + 5]
            yield {"index": index, "function": {"arguments": part}}


def _message_events(texts: Sequence[str], short: bool) -> Iterator[Event]:
    def frame(value: dict[str, Any]) -> bytes:
        return _frame("plain", value, value["type"])

    usage = {"input_tokens": PROMPT_TOKENS, "output_tokens": 1}
    yield Event(frame({"type": "message_start", "message": {"id": "m1", "usage": usage}}))
    block = {"type": "text", "text": ""}
    yield Event(frame({"type": "content_block_start", "index": 0, "content_block": block}))
    yield Event(frame({"type": "ping"}))
    for text in texts:
        delta = {"type": "text_delta", "text": text}
        yield Event(frame({"type": "content_block_delta", "index": 0, "delta": delta}), 1)
    yield Event(frame({"type": "content_block_stop", "index": 0}))
    stop = {"stop_reason": "max_tokens" if short else "end_turn", "stop_sequence": None}
    done = {"output_tokens": len(texts)}
    yield Event(frame({"type": "message_delta", "delta": stop, "usage": done}))
    yield Event(frame({"type": "message_stop"}))
