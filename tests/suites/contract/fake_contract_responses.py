"""The fake's Responses API: responses that are kept, whole or as events."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.suites.contract import fake_contract_rules as rules
from tests.suites.contract.fake_contract_bodies import Event
from tests.suites.contract.fake_contract_model import Generated, prompt_tokens
from tests.suites.contract.fake_contract_rules import MODEL, Refused
from tests.suites.contract.fake_contract_scripts import script

Item = dict[str, Any]
Generate = Callable[[dict[str, Any], str], Generated]
SETTINGS = {"instructions": None, "metadata": {}, "parallel_tool_calls": True, "temperature": 1.0}
SETTINGS |= {"tool_choice": "auto", "tools": [], "top_p": 1.0}
RULES: dict[str, Callable[[Any], bool]] = {
    "model": rules.is_text,
    "input": lambda v: rules.is_text(v) or (isinstance(v, list) and bool(v)),
    "instructions": rules.is_text,
    "max_output_tokens": rules.integer(1),
    "temperature": rules.number(0, 2),
    "stream": rules.is_bool,
    "store": rules.is_bool,
    "previous_response_id": rules.is_text,
}


@dataclass
class Responses:
    """What the fake keeps."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)  # each conversation, by response

    def create(
        self, body: dict[str, Any], generate: Generate, lenient: Collection[str]
    ) -> dict[str, Any] | list[Event]:
        """A response, or its events."""
        rules.check(body, RULES, lenient)
        if body.get("input") is None:
            raise Refused("input", "is required")
        lines = self._before(body, lenient) + input_lines(body["input"])
        head = [f"system: {body['instructions']}"] if body.get("instructions") else []
        prompt = "\n".join([*head, *lines])
        done = _formed(body) or generate(
            {**body, "max_tokens": body.get("max_output_tokens")}, prompt
        )
        response = _response(body, prompt, done)
        if body.get("store") is not False or "store" in lenient:
            self.kept[response["id"]] = response
        carried = head if "carried instructions" in lenient else []
        self.lines[response["id"]] = [*carried, *lines, f"assistant: {done.text}"]
        return events(response, done) if body.get("stream") else response

    def _before(self, body: dict[str, Any], lenient: Collection[str]) -> list[str]:
        name = body.get("previous_response_id")
        if name is None or "previous_response_id" in lenient:
            return []
        if name not in self.lines:
            raise Refused("previous_response_id", "is not here", 404, "not_found")
        return self.lines[name]

    def stored(self, method: str, name: str, lenient: Collection[str]) -> dict[str, Any]:
        """What GET and DELETE of one give."""
        if name not in self.kept:
            raise Refused("response_id", "is not here", 404, "not_found")
        if method == "DELETE":
            if "delete" not in lenient:
                del self.kept[name]
            return {"id": name, "object": "response", "deleted": True}
        return self.kept[name]


def input_lines(given: Any) -> list[str]:
    """The prompt, a line an item."""
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return [_line(item) for item in items]


def _line(item: Any) -> str:
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if kind == "function_call":
        return f"assistant: {item['name']} {item['arguments']}"
    if kind == "function_call_output":
        return f"tool: {item['output']}"
    if kind != "message":
        raise Refused("input", f"cannot hold items of type {kind}")
    parts = item.get("content")
    if isinstance(parts, list):
        known = {"input_text", "output_text"}
        if any(part.get("type") not in known for part in parts):
            raise Refused("content", "has a part of an unknown type")
        parts = "".join(part["text"] for part in parts)
    return rules.render([{"role": item.get("role"), "content": parts}], ())


def _formed(body: dict[str, Any]) -> Generated | None:
    """What a script or a form leaves no choice about."""
    text = script(body.get("model"))
    if text is not None:
        return Generated((text,), prompt_tokens(text), "stop")
    if isinstance(body.get("tool_choice"), dict):
        return Generated(("{}",), 1, "tool_calls")
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_schema":
        return Generated(('{"known"', ": true}"), 2, "stop")
    return None


def _item(prefix: str, kind: str, **more: Any) -> Item:
    return {"id": f"{prefix}_{uuid4().hex}", "type": kind, "status": "completed", **more}


def _output(body: dict[str, Any], done: Generated) -> list[Item]:
    if done.finish == "tool_calls":
        call = {"call_id": f"call_{uuid4().hex}", "name": body["tool_choice"]["name"]}
        return [_item("fc", "function_call", **call, arguments=done.text)]
    thought, mark, text = done.text.rpartition("</think>")
    part = {"type": "output_text", "text": text, "annotations": []}
    message = _item("msg", "message", role="assistant", content=[part])
    if done.finish == "length":
        message["status"] = "incomplete"
    if not mark:
        return [message]
    content = [{"type": "reasoning_text", "text": thought.removeprefix("<think>")}]
    return [_item("rs", "reasoning", summary=[], content=content), message]


def _response(body: dict[str, Any], prompt: str, done: Generated) -> dict[str, Any]:
    cut = done.finish == "length"
    read = prompt_tokens(prompt)
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": "incomplete" if cut else "completed",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "model": MODEL,
        "output": _output(body, done),
        "usage": {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": done.tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + done.tokens,
        },
        **{key: body.get(key, default) for key, default in SETTINGS.items()},
    }


def events(response: dict[str, Any], done: Generated) -> list[Event]:
    """The response as a stream."""
    begun = {**response, "status": "in_progress", "output": [], "usage": None}
    begun["incomplete_details"] = None
    values: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(response["output"]):
        values += _item_events(index, item, done)
    values.append({"type": f"response.{response['status']}", "response": response})
    return [
        (value["type"], {**value, "sequence_number": number}) for number, value in enumerate(values)
    ]


def _item_events(index: int, item: Item, done: Generated) -> list[dict[str, Any]]:
    place = {"item_id": item["id"], "output_index": index}
    [part] = item.get("content") or [None]
    inner: list[dict[str, Any]] = []
    empty: dict[str, Any] = {"status": "in_progress", "arguments": ""}
    if part is None:
        name = "response.function_call_arguments"
        inner = [{"type": f"{name}.delta", **place, "delta": item["arguments"]}]
        inner.append({"type": f"{name}.done", **place, "arguments": item["arguments"]})
    else:
        place["content_index"] = 0
        empty = {"status": "in_progress", "content": []}
        name = f"response.{part['type']}"
        pieces = done.pieces if part["text"] == done.text else (part["text"],)
        inner = [{"type": "response.content_part.added", **place, "part": {**part, "text": ""}}]
        inner += [{"type": f"{name}.delta", **place, "delta": piece} for piece in pieces]
        inner.append({"type": f"{name}.done", **place, "text": part["text"]})
        inner.append({"type": "response.content_part.done", **place, "part": part})
    around = {"output_index": index}
    return [
        {"type": "response.output_item.added", **around, "item": {**item, **empty}},
        *inner,
        {"type": "response.output_item.done", **around, "item": item},
    ]
