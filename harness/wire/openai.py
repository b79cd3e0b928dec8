"""The OpenAI dialect: chat completions, and the text of plain completions when they are read.

Shapes follow OpenAI's published API description (openai-openapi). ``reasoning_content`` and
``reasoning`` are what servers of open models add for thinking.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harness.records import Exchange, Json, Request
from harness.wire.ask import Answer, Ask
from harness.wire.draft import CallDraft, Draft
from harness.wire.problem import excerpt
from harness.wire.reading import read_exchange
from harness.wire.sse import SseEvent

if TYPE_CHECKING:
    from harness.wire.client import Client


def models_url(client: Client) -> str:
    """Where the server lists its models."""
    return client.url("/models")


def request(client: Client, ask: Ask, model: str | None = None) -> Request:
    """A chat completion; streams ask for usage. Never a ``seed``: it can turn batching off."""
    body: dict[str, Json] = {
        "model": client.target.model if model is None else model,
        "messages": [dict(message) for message in ask.messages],
        "max_tokens": ask.max_tokens,
        "stream": ask.stream,
    }
    if ask.stream:
        body["stream_options"] = {"include_usage": True}
    if ask.temperature is not None:
        body["temperature"] = ask.temperature
    if ask.stop:
        body["stop"] = list(ask.stop)
    if ask.tools:
        body["tools"] = [dict(tool) for tool in ask.tools]
    if ask.tool_choice is not None:
        body["tool_choice"] = ask.tool_choice
    return client.post("/chat/completions", {**body, **ask.extra})


def read(exchange: Exchange) -> Answer:
    """The answer in an exchange: choice 0 of a stream or of one JSON document."""
    return read_exchange(exchange, _read_document, _Stream)


class _Stream:
    """Reads chat.completion.chunk and text_completion events."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def take(self, event: SseEvent, value: dict[str, Json]) -> None:
        draft = self._draft
        _read_usage(value, draft)
        for choice in _choices(value, draft):
            delta = choice.get("delta", {})
            if not isinstance(delta, dict):
                draft.fault(f"A choice's delta is not an object but {excerpt(delta)}.")
                continue
            _read_output(choice, delta, event.at_ns, draft)
            _read_call_deltas(delta.get("tool_calls"), event.at_ns, draft)

    def end(self) -> None:
        if self._draft.finish_reason is None:
            self._draft.fault("The stream ended without a finish_reason.")


def _read_document(value: dict[str, Json], draft: Draft) -> None:
    _read_usage(value, draft)
    choices = _choices(value, draft)
    if not choices:
        draft.fault("The answer has no choices.")
    for choice in choices:
        message = choice.get("message", {} if "text" in choice else None)
        if not isinstance(message, dict):
            draft.fault(f"A choice's message is not an object but {excerpt(message)}.")
            continue
        _read_output(choice, message, None, draft)
        _read_calls(message.get("tool_calls"), draft)
        if draft.finish_reason is None:
            draft.fault("The answer has no finish_reason.")


def _choices(value: dict[str, Json], draft: Draft) -> list[dict[str, Json]]:
    choices = value.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        draft.fault(f"The choices are not a list of objects but {excerpt(choices)}.")
        return []
    return [one for one in choices if one.get("index", 0) == 0]


def _read_usage(value: dict[str, Json], draft: Draft) -> None:
    usage = value.get("usage")
    if isinstance(usage, dict):
        draft.count(usage.get("prompt_tokens"), usage.get("completion_tokens"))
    elif usage is not None:
        draft.fault(f"The usage is not an object but {excerpt(usage)}.")


def _read_output(
    choice: dict[str, Json], holder: dict[str, Json], at_ns: int | None, draft: Draft
) -> None:
    reasoning = holder.get("reasoning_content")
    draft.add("reasoning", holder.get("reasoning") if reasoning is None else reasoning, at_ns)
    draft.add("content", holder.get("content"), at_ns)
    if "text" in choice:
        draft.add("content", choice["text"], at_ns)
    finish = choice.get("finish_reason")
    if isinstance(finish, str):
        draft.finish_reason = finish
    elif finish is not None:
        draft.fault(f"The finish_reason is not a text but {excerpt(finish)}.")


def _read_calls(calls: Json, draft: Draft) -> None:
    for index, call in enumerate(_call_objects(calls, draft)):
        draft.calls[index] = one = CallDraft()
        _merge_call(one, call, draft)


def _read_call_deltas(calls: Json, at_ns: int, draft: Draft) -> None:
    for call in _call_objects(calls, draft):
        index = call.get("index")
        if not isinstance(index, int) or isinstance(index, bool):
            draft.fault(f"A tool call delta has no integer index: {excerpt(call)}.")
            index = len(draft.calls)
        one = draft.calls.setdefault(index, CallDraft())
        draft.add("tool", _merge_call(one, call, draft), at_ns)


def _call_objects(calls: Json, draft: Draft) -> list[dict[str, Json]]:
    if calls is None:
        return []
    if not isinstance(calls, list) or not all(isinstance(one, dict) for one in calls):
        draft.fault(f"The tool_calls are not a list of objects but {excerpt(calls)}.")
        return []
    return calls


def _merge_call(one: CallDraft, call: dict[str, Json], draft: Draft) -> str:
    """Accumulates as clients do: id and name once, arguments appended. Returns what was new."""
    function = call.get("function")
    if not isinstance(function, dict):
        draft.fault(f"A tool call has no function object: {excerpt(call)}.")
        return ""
    one.id = _once(one.id, call.get("id"), "id", draft)
    before = one.name
    one.name = _once(one.name, function.get("name"), "name", draft)
    arguments = function.get("arguments")
    if arguments is None:
        arguments = ""
    elif not isinstance(arguments, str):
        kind = type(arguments).__name__
        draft.fault(f"A tool call's arguments are not a JSON text but a {kind}.")
        arguments = json.dumps(arguments)
    one.arguments += arguments
    return (one.name if not before else "") + arguments


def _once(old: str, new: Json, field: str, draft: Draft) -> str:
    if new is None or new == "":
        return old
    if not isinstance(new, str):
        draft.fault(f"A tool call's {field} is not a text but {excerpt(new)}.")
        return old
    if old and new != old:
        draft.fault(f"Two tool calls share one index: {field} {old!r} became {new!r}.")
    return old or new
