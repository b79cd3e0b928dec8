"""The Anthropic dialect: the Messages API.

Shapes follow Anthropic's published Messages and streaming documentation, version 2023-06-01.
Questions come in OpenAI's shape and are converted; what cannot be converted is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.records import Exchange, Json, Request
from harness.wire.ask import Answer, Ask
from harness.wire.draft import CallDraft, Draft
from harness.wire.problem import excerpt
from harness.wire.reading import parse_json, read_exchange
from harness.wire.sse import SseEvent

if TYPE_CHECKING:
    from harness.wire.client import Client


def models_url(client: Client) -> str:
    """Where the server lists its models; the API lives under ``/v1`` whatever the base URL."""
    return client.root_url("/v1/models")


def request(client: Client, ask: Ask, model: str | None = None) -> Request:
    """A message.

    Raises:
        UsageError: a message, tool or tool choice has no counterpart in this dialect.
    """
    system, messages = _messages(ask.messages)
    body: dict[str, Json] = {
        "model": client.target.model if model is None else model,
        "max_tokens": ask.max_tokens,
        "messages": messages,
        "stream": ask.stream,
    }
    if system:
        body["system"] = system
    if ask.temperature is not None:
        body["temperature"] = ask.temperature
    if ask.stop:
        body["stop_sequences"] = list(ask.stop)
    if ask.tools:
        body["tools"] = [_tool(tool) for tool in ask.tools]
    if ask.tool_choice is not None:
        body["tool_choice"] = _tool_choice(ask.tool_choice)
    return client.post(client.root_url("/v1/messages"), {**body, **ask.extra})


def _messages(messages: tuple[Mapping[str, Json], ...]) -> tuple[str, list[dict[str, Json]]]:
    system: list[str] = []
    turns: list[dict[str, Json]] = []
    for message in messages:
        role = message.get("role")
        if role in {"system", "developer"}:
            system.append(_plain(message.get("content")))
        elif role == "tool":
            _append(turns, "user", [_tool_result(message)])
        elif role == "assistant" and message.get("tool_calls"):
            _append(turns, "assistant", _assistant_blocks(message))
        elif role in {"user", "assistant"}:
            _append(turns, role, message.get("content"))
        else:
            raise UsageError(f"A message of role {role!r} has no counterpart in the Messages API.")
    return "\n\n".join(system), turns


def _append(turns: list[dict[str, Json]], role: str, content: Json) -> None:
    """Successive tool results belong into one user turn; other turns stay as they are."""
    blocks = [_part(one) for one in content] if isinstance(content, list) else content
    last = turns[-1]["content"] if turns and turns[-1]["role"] == role else None
    if isinstance(last, list) and isinstance(blocks, list) and last[-1]["type"] == "tool_result":
        last.extend(blocks)
    else:
        turns.append({"role": role, "content": blocks})


def _part(part: Json) -> dict[str, Json]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in {"text", "tool_use", "tool_result"}:
        return dict(part)
    raise UsageError(f"A content part {excerpt(part)} cannot be converted to the Messages API.")


def _plain(content: Json) -> str:
    if isinstance(content, str):
        return content
    return "".join(str(_part(part).get("text", "")) for part in content or [])


def _tool_result(message: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "type": "tool_result",
        "tool_use_id": message.get("tool_call_id", ""),
        "content": _plain(message.get("content")),
    }


def _assistant_blocks(message: Mapping[str, Json]) -> list[dict[str, Json]]:
    text = _plain(message.get("content"))
    blocks: list[dict[str, Json]] = [{"type": "text", "text": text}] if text else []
    for call in message["tool_calls"]:
        function = call["function"]
        try:
            arguments = parse_json(function.get("arguments") or "{}")
        except ValueError as error:
            raise UsageError(
                f"The arguments of tool call {function.get('name')!r} are not JSON: {error}."
            ) from error
        use = {"type": "tool_use", "id": call["id"], "name": function["name"], "input": arguments}
        blocks.append(use)
    return blocks


def _tool(tool: Mapping[str, Json]) -> dict[str, Json]:
    function = tool.get("function")
    if tool.get("type") != "function" or not isinstance(function, Mapping):
        raise UsageError(f"The tool {excerpt(dict(tool))} is not a function tool.")
    converted = {
        "name": function["name"],
        "input_schema": function.get("parameters") or {"type": "object", "properties": {}},
    }
    if function.get("description"):
        converted["description"] = function["description"]
    return converted


def _tool_choice(choice: Json) -> dict[str, Json]:
    words = {"auto": "auto", "required": "any", "none": "none"}
    if isinstance(choice, str) and choice in words:
        return {"type": words[choice]}
    if isinstance(choice, Mapping) and isinstance(choice.get("function"), Mapping):
        return {"type": "tool", "name": choice["function"]["name"]}
    raise UsageError(f"The tool choice {excerpt(choice)} has no counterpart in the Messages API.")


def read(exchange: Exchange) -> Answer:
    """The answer in an exchange, streamed or one JSON document."""
    return read_exchange(exchange, _read_document, _Stream)


def _read_document(value: dict[str, Json], draft: Draft) -> None:
    blocks = value.get("content")
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        draft.fault(f"The content is not a list of blocks but {excerpt(blocks)}.")
        return
    for index, block in enumerate(blocks):
        kind = block.get("type")
        if kind == "text":
            draft.add("content", block.get("text"), None)
        elif kind == "thinking":
            draft.add("reasoning", block.get("thinking"), None)
        elif kind == "tool_use":
            draft.calls[index] = _call(block, draft)
            draft.calls[index].arguments = json.dumps(block.get("input", {}), ensure_ascii=False)
    _read_stop(value, draft)
    usage = value.get("usage")
    if isinstance(usage, dict):
        draft.count(usage.get("input_tokens"), usage.get("output_tokens"))
    if draft.finish_reason is None:
        draft.fault("The answer has no stop_reason.")


def _call(block: dict[str, Json], draft: Draft) -> CallDraft:
    name, call_id = block.get("name"), block.get("id")
    if not isinstance(name, str) or not isinstance(call_id, str):
        draft.fault(f"A tool_use block has no id and name: {excerpt(block)}.")
        return CallDraft()
    return CallDraft(id=call_id, name=name)


def _read_stop(holder: dict[str, Json], draft: Draft) -> None:
    reason = holder.get("stop_reason")
    if isinstance(reason, str):
        draft.finish_reason = reason
    elif reason is not None:
        draft.fault(f"The stop_reason is not a text but {excerpt(reason)}.")


class _Stream:
    """Reads message_start, content_block_*, message_delta and message_stop."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._open: set[Json] = set()
        self._started = False
        self._stopped = False
        self._input_tokens: Json = None

    def take(self, event: SseEvent, value: dict[str, Json]) -> None:
        kind = value.get("type")
        if not self._started and kind not in {"message_start", "ping"}:
            self._draft.fault("The stream does not begin with message_start.")
        if kind == "message_start":
            self._started = True
            message = value.get("message")
            usage = message.get("usage") if isinstance(message, dict) else None
            self._input_tokens = usage.get("input_tokens") if isinstance(usage, dict) else None
        elif kind == "content_block_start":
            self._start_block(event.at_ns, value)
        elif kind == "content_block_delta":
            self._delta(event.at_ns, value)
        elif kind == "message_delta":
            self._message_delta(value)
        elif kind == "message_stop":
            self._stopped = True

    def _start_block(self, at_ns: int, value: dict[str, Json]) -> None:
        draft, index, block = self._draft, value.get("index"), value.get("content_block")
        if not isinstance(index, int) or not isinstance(block, dict):
            draft.fault(f"A content_block_start has no index and block: {excerpt(value)}.")
            return
        self._open.add(index)
        draft.add("content", block.get("text"), at_ns)
        draft.add("reasoning", block.get("thinking"), at_ns)
        if block.get("type") == "tool_use":
            draft.calls[index] = _call(block, draft)
            draft.add("tool", draft.calls[index].name, at_ns)

    def _delta(self, at_ns: int, value: dict[str, Json]) -> None:
        draft, index, delta = self._draft, value.get("index"), value.get("delta")
        if not isinstance(delta, dict) or not isinstance(index, int) or index not in self._open:
            draft.fault(f"A content_block_delta belongs to no open block: {excerpt(value)}.")
            return
        draft.add("content", delta.get("text"), at_ns)
        draft.add("reasoning", delta.get("thinking"), at_ns)
        part = delta.get("partial_json")
        draft.add("tool", part, at_ns)
        if isinstance(part, str) and index in draft.calls:
            draft.calls[index].arguments += part

    def _message_delta(self, value: dict[str, Json]) -> None:
        delta, usage = value.get("delta"), value.get("usage")
        if isinstance(delta, dict):
            _read_stop(delta, self._draft)
        if isinstance(usage, dict):
            # input_tokens may be repeated here; message_start's count is the one every server sends
            tokens = usage.get("input_tokens")
            prompt = self._input_tokens if tokens is None else tokens
            self._draft.count(prompt, usage.get("output_tokens"))

    def end(self) -> None:
        if not self._started:
            self._draft.fault("The stream does not begin with message_start.")
        if self._draft.finish_reason is None:
            self._draft.fault("The stream ended without a stop_reason.")
        if not self._stopped:
            self._draft.fault("The stream ended without message_stop.")
        for call in self._draft.calls.values():
            call.arguments = call.arguments or "{}"  # a call without arguments sends no delta
