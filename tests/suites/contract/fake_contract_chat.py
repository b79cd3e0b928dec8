"""The fake's chat completions: choices with calls, thoughts and log-probabilities."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_rules import MODEL

Event = tuple[str | None, Any]  # its name, and a JSON object or a literal text
CHOSEN, NEXT = -0.25, -3.0  # log-probabilities


def usage(prompt: int, completion: int) -> dict[str, Any]:
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


def head(prefix: str, kind: str) -> dict[str, Any]:
    made = int(time.time())
    return {"id": f"{prefix}-{uuid4().hex}", "object": kind, "created": made, "model": MODEL}


def logprobs(pieces: Sequence[str], top: int | None) -> dict[str, Any] | None:
    """One entry a piece; None when nobody asked (``top`` None)."""
    if top is None:
        return None
    return {"content": [_entry(piece, top) for piece in pieces], "refusal": None}


def _entry(piece: str, top: int) -> dict[str, Any]:
    others = [_likely(f"other{rank}", NEXT - rank) for rank in range(top)]
    return {**_likely(piece, CHOSEN), "top_logprobs": [_likely(piece, CHOSEN), *others][:top]}


def _likely(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}


def _call(call: tuple[str, str]) -> dict[str, Any]:
    function = {"name": call[0], "arguments": call[1]}
    return {"id": f"call_{uuid4().hex}", "type": "function", "function": function}


def _message(one: Generated) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": one.text, "refusal": None}
    if one.thoughts:
        message["reasoning_content"] = one.thoughts
    if one.calls:
        message["tool_calls"] = [_call(call) for call in one.calls]
        message["content"] = one.text or None
    return message


def whole(
    done: list[Generated], prompt: int, *, cached: int = 0, top: int | None = None
) -> dict[str, Any]:
    """The document."""
    choices = [
        {
            "index": index,
            "message": _message(one),
            "logprobs": logprobs(one.pieces, top),
            "finish_reason": one.finish,
        }
        for index, one in enumerate(done)
    ]
    counted = usage(prompt, sum(one.tokens for one in done))
    counted["prompt_tokens_details"] = {"cached_tokens": cached}
    return {**head("chatcmpl", "chat.completion"), "choices": choices, "usage": counted}


def events(
    done: list[Generated], prompt: int, *, counts: bool, top: int | None = None
) -> list[Event]:
    """The stream: one choice after another, which is one of the orders that are allowed."""
    shared = head("chatcmpl", "chat.completion.chunk")

    def chunk(choice: dict[str, Any]) -> Event:
        shape = {"delta": {}, "logprobs": None, "finish_reason": None}
        return None, {**shared, "choices": [{**shape, **choice}]}

    made = [
        chunk({"index": at, **one}) for at, each in enumerate(done) for one in _deltas(each, top)
    ]
    if counts:
        counted = usage(prompt, sum(one.tokens for one in done))
        made.append((None, {**shared, "choices": [], "usage": counted}))
    return [*made, (None, "[DONE]")]


def _deltas(one: Generated, top: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"delta": {"role": "assistant", "content": ""}}]
    found += [{"delta": {"reasoning_content": word}} for word in one.thoughts.splitlines()]
    for piece in one.pieces:
        found.append({"delta": {"content": piece}, "logprobs": logprobs([piece], top)})
    for index, call in enumerate(one.calls):
        found += [{"delta": {"tool_calls": [part]}} for part in _fragments(index, call)]
    return [*found, {"finish_reason": one.finish}]


def _fragments(index: int, call: tuple[str, str]) -> list[dict[str, Any]]:
    first = {"index": index, **_call((call[0], ""))}
    half = len(call[1]) // 2
    parts = [part for part in (call[1][:half], call[1][half:]) if part]
    return [first, *({"index": index, "function": {"arguments": part}} for part in parts)]
