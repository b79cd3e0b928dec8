"""The fake's answers: documents and events of both dialects."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from tests.suites.contract.fake_contract_chat import Event, head, usage
from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_rules import CONTEXT, MODEL


def models() -> dict[str, Any]:
    return {"object": "list", "data": [model()]}


def model() -> dict[str, Any]:
    shape = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "tests"}
    return {**shape, "max_model_len": CONTEXT}


def text(done: list[Generated], prompt: int) -> dict[str, Any]:
    choices = [
        {"index": index, "text": one.text, "logprobs": None, "finish_reason": one.finish}
        for index, one in enumerate(done)
    ]
    counted = usage(prompt, sum(one.tokens for one in done))
    return {**head("cmpl", "text_completion"), "choices": choices, "usage": counted}


def text_events(done: Generated, prompt: int, *, counts: bool) -> list[Event]:
    shared = head("cmpl", "text_completion")

    def chunk(piece: str, finish: str | None = None) -> Event:
        choice = {"index": 0, "text": piece, "logprobs": None, "finish_reason": finish}
        return None, {**shared, "choices": [choice]}

    events = [*map(chunk, done.pieces), chunk("", done.finish)]
    if counts:
        events.append((None, {**shared, "choices": [], "usage": usage(prompt, done.tokens)}))
    return [*events, (None, "[DONE]")]


def _message_head() -> dict[str, Any]:
    shape = {"id": f"msg_{uuid4().hex}", "type": "message", "role": "assistant"}
    return {**shape, "model": MODEL}


def _ending(done: Generated) -> dict[str, Any]:
    reasons = {"length": "max_tokens", "tool_calls": "tool_use", "stop": "end_turn"}
    reason = "stop_sequence" if done.stop else reasons[done.finish]
    return {"stop_reason": reason, "stop_sequence": done.stop}


def _blocks(done: Generated) -> list[dict[str, Any]]:
    thought = {"type": "thinking", "thinking": done.thoughts, "signature": "s1"}
    uses = [
        {"type": "tool_use", "id": f"toolu_{uuid4().hex}", "name": name, "input": json.loads(text)}
        for name, text in done.calls
    ]
    said = [{"type": "text", "text": done.text}] if done.text or not uses else []
    return [*([thought] if done.thoughts else []), *said, *uses]


def message(done: Generated, prompt: int) -> dict[str, Any]:
    counted = {"input_tokens": prompt, "output_tokens": done.tokens}
    return {**_message_head(), "content": _blocks(done), **_ending(done), "usage": counted}


def message_events(done: Generated, prompt: int) -> list[Event]:
    counted = {"input_tokens": prompt, "output_tokens": 1}
    empty = {"content": [], "stop_reason": None, "stop_sequence": None, "usage": counted}
    start = {"type": "message_start", "message": {**_message_head(), **empty}}
    values: list[dict[str, Any]] = [start, {"type": "ping"}]
    for index, block in enumerate(_blocks(done)):
        values += _block_events(index, block, done)
    spent = {"output_tokens": done.tokens}
    values.append({"type": "message_delta", "delta": _ending(done), "usage": spent})
    values.append({"type": "message_stop"})
    return [(value["type"], value) for value in values]


def _block_events(index: int, block: dict[str, Any], done: Generated) -> list[dict[str, Any]]:
    empties = {"text": "", "thinking": "", "signature": "", "input": {}}
    opened = {key: empties.get(key, value) for key, value in block.items()}
    deltas: list[dict[str, Any]] = []
    if block["type"] == "text":
        deltas = [{"type": "text_delta", "text": piece} for piece in done.pieces]
    elif block["type"] == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": done.thoughts}]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    else:
        text = json.dumps(block["input"], ensure_ascii=False)
        parts = (text[: len(text) // 2], text[len(text) // 2 :])
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in parts]
    return [
        {"type": "content_block_start", "index": index, "content_block": opened},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def openai_error(sentence: str, field: str | None, code: str) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": sentence, "type": kind, "param": field, "code": code}}


def anthropic_error(sentence: str, status: int) -> dict[str, Any]:
    kinds = {404: "not_found_error", 413: "request_too_large"}
    kind = kinds.get(status, "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": sentence}}


def framed(event: Event) -> bytes:
    """An event as bytes."""
    name, value = event
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()


def serialised(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
