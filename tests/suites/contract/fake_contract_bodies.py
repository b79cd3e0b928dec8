"""The fake's answers: documents and events of both dialects."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_rules import CONTEXT, MODEL

Event = tuple[str | None, Any]  # its name, and a JSON object or a literal text


def models() -> dict[str, Any]:
    return {"object": "list", "data": [model()]}


def model() -> dict[str, Any]:
    shape = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "tests"}
    return {**shape, "max_model_len": CONTEXT}


def usage(prompt: int, completion: int) -> dict[str, int]:
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


def _head(prefix: str, kind: str) -> dict[str, Any]:
    made = int(time.time())
    return {"id": f"{prefix}-{uuid4().hex}", "object": kind, "created": made, "model": MODEL}


def chat(done: list[Generated], prompt: int) -> dict[str, Any]:
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": one.text, "refusal": None},
            "logprobs": None,
            "finish_reason": one.finish,
        }
        for index, one in enumerate(done)
    ]
    counted = usage(prompt, sum(one.tokens for one in done))
    return {**_head("chatcmpl", "chat.completion"), "choices": choices, "usage": counted}


def text(done: list[Generated], prompt: int) -> dict[str, Any]:
    choices = [
        {"index": index, "text": one.text, "logprobs": None, "finish_reason": one.finish}
        for index, one in enumerate(done)
    ]
    counted = usage(prompt, sum(one.tokens for one in done))
    return {**_head("cmpl", "text_completion"), "choices": choices, "usage": counted}


def chat_events(done: Generated, prompt: int, *, counts: bool) -> list[Event]:
    head = _head("chatcmpl", "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None) -> Event:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return None, {**head, "choices": [choice]}

    events = [chunk({"role": "assistant", "content": ""})]
    events += [chunk({"content": piece}) for piece in done.pieces]
    events.append(chunk({}, done.finish))
    if counts:
        events.append((None, {**head, "choices": [], "usage": usage(prompt, done.tokens)}))
    return [*events, (None, "[DONE]")]


def text_events(done: Generated, prompt: int, *, counts: bool) -> list[Event]:
    head = _head("cmpl", "text_completion")

    def chunk(piece: str, finish: str | None = None) -> Event:
        choice = {"index": 0, "text": piece, "logprobs": None, "finish_reason": finish}
        return None, {**head, "choices": [choice]}

    events = [*map(chunk, done.pieces), chunk("", done.finish)]
    if counts:
        events.append((None, {**head, "choices": [], "usage": usage(prompt, done.tokens)}))
    return [*events, (None, "[DONE]")]


def _message_head() -> dict[str, Any]:
    shape = {"id": f"msg_{uuid4().hex}", "type": "message", "role": "assistant"}
    return {**shape, "model": MODEL}


def _ending(done: Generated) -> dict[str, Any]:
    reason = "max_tokens" if done.finish == "length" else "stop_sequence"
    return {"stop_reason": reason, "stop_sequence": done.stop}


def message(done: Generated, prompt: int) -> dict[str, Any]:
    content = [{"type": "text", "text": done.text}]
    counted = {"input_tokens": prompt, "output_tokens": done.tokens}
    return {**_message_head(), "content": content, **_ending(done), "usage": counted}


def message_events(done: Generated, prompt: int) -> list[Event]:
    counted = {"input_tokens": prompt, "output_tokens": 1}
    empty = {"content": [], "stop_reason": None, "stop_sequence": None, "usage": counted}
    block = {"type": "text", "text": ""}
    values: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**_message_head(), **empty}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "ping"},
    ]
    for piece in done.pieces:
        delta = {"type": "text_delta", "text": piece}
        values.append({"type": "content_block_delta", "index": 0, "delta": delta})
    spent = {"output_tokens": done.tokens}
    values += [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": _ending(done), "usage": spent},
        {"type": "message_stop"},
    ]
    return [(value["type"], value) for value in values]


def openai_error(sentence: str, field: str | None, code: str) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": sentence, "type": kind, "param": field, "code": code}}


def anthropic_error(sentence: str, status: int) -> dict[str, Any]:
    kinds = {404: "not_found_error", 413: "request_too_large"}
    kind = kinds.get(status, "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": sentence}}
