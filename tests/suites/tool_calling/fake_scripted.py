"""A fake that plays scripts in both dialects, with one seeded fault at a time.

``Scripted(fault)`` is a ``respond`` hook for tests.servers.fake_openai.serve. Model ids other than
``scripted:…`` are answered by ``brain``, which stands for a model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from tests.servers.fake_openai import Reply, Served

OPEN, CLOSE = "<tool_call>", "</tool_call>"
TOKEN = 4  # characters


@dataclass(frozen=True)
class Call:
    id: str
    name: str
    arguments: str


Part = str | Call


@dataclass(frozen=True)
class Output:
    parts: tuple[Part, ...]
    finish: str  # stop, length, tool

    @property
    def calls(self) -> list[Call]:
        return [part for part in self.parts if isinstance(part, Call)]

    @property
    def text(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str))

    def with_calls(self, change: Callable[[list[Call]], list[Call]]) -> Output:
        """The same with other calls, in their old places as far as there are any."""
        new = change(self.calls)
        texts = [part for part in self.parts if isinstance(part, str)]
        before = texts[:1] if self.parts and isinstance(self.parts[0], str) else []
        return replace(self, parts=(*before, *new, *texts[len(before) :]))

    def each(self, change: Callable[[Call], Call]) -> Output:
        return self.with_calls(lambda calls: [change(call) for call in calls])


Brain = Callable[[dict[str, Any]], Output | Reply]


def no_brain(body: dict[str, Any]) -> Output | Reply:
    return Reply({"error": {"message": f"no model {body['model'][:20]!r}"}}, 404)


@dataclass
class Scripted:
    fault: str = ""
    brain: Brain = no_brain
    plays: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, served: Served) -> Reply | None:
        if served.method != "POST":
            return None
        body = served.json
        self.asked.append(body)
        if self.plays and body["model"].startswith("scripted:"):
            script = unquote(body["model"].removeprefix("scripted:"))
            output: Output | Reply = self.play(script, body)
        else:
            output = self.brain(body)
        if isinstance(output, Reply):
            return output
        encode = anthropic if served.path.endswith("/messages") else openai
        return encode(output, body, self.fault)

    def play(self, script: str, body: dict[str, Any]) -> Output | Reply:
        limit = body["max_tokens"] * TOKEN
        cut = len(script) > limit
        if cut and self.fault == "half_call":
            half = Call("call_0", "save_note", json.dumps({"text": script[60:limit]}))
            return Output((half,), "length")
        parts = tuple(parse(script[:limit]))
        called = any(isinstance(part, Call) for part in parts)
        output = Output(parts, "length" if cut else "tool" if called else "stop")
        if cut and self.fault == "cut_is_stop":
            return replace(output, finish="stop")
        if OPEN in script and not called and self.fault == "malformed_500":
            return Reply({"error": {"message": "KeyError: 'name'"}}, 500)
        return FAULTS[self.fault](output, body) if self.fault in FAULTS else output


def parse(script: str) -> Iterator[Part]:
    """Text and calls; blank space that touches only calls and ends is markup."""
    rest, text, number = script, "", 0
    while rest:
        at = rest.find(OPEN)
        if at < 0:
            text, rest = text + rest, ""
            break
        text, after = text + rest[:at], rest[at + len(OPEN) :]
        found = complete(after)
        if found is None:
            text, rest = text + OPEN, after
            continue
        if text.strip():
            yield text
        name, arguments, rest = found
        yield Call(f"call_{number}", name, arguments)
        text, number = "", number + 1
    if text.strip() or not number:
        yield text


def complete(after: str) -> tuple[str, str, str] | None:
    """Name, arguments and the rest behind a call, or None when there is no call."""
    try:
        value, end = json.JSONDecoder().raw_decode(after.lstrip())
    except ValueError:
        return None
    rest = after.lstrip()[end:].lstrip()
    if not isinstance(value, dict) or not rest.startswith(CLOSE):
        return None
    if not isinstance(value.get("name"), str) or not isinstance(value.get("arguments"), dict):
        return None
    arguments = json.dumps(value["arguments"], ensure_ascii=False)
    return value["name"], arguments, rest[len(CLOSE) :]


Change = Callable[[Output, dict[str, Any]], Output]


def arguments_changed(change: Callable[[Any], Any]) -> Change:
    def apply(output: Output, _: dict[str, Any]) -> Output:
        return output.each(
            lambda call: replace(
                call, arguments=json.dumps(change(json.loads(call.arguments)), ensure_ascii=False)
            )
        )

    return apply


def calls_changed(change: Callable[[list[Call]], list[Call]]) -> Change:
    return lambda output, _: output.with_calls(change)


def texts_changed(change: Callable[[str], str]) -> Change:
    def apply(output: Output, _: dict[str, Any]) -> Output:
        parts = (change(part) if isinstance(part, str) else part for part in output.parts)
        return replace(output, parts=tuple(part for part in parts if part != ""))

    return apply


def streamed_only(change: Change) -> Change:
    return lambda output, body: change(output, body) if body.get("stream") else output


def coerced(value: Any) -> Any:
    """What a parser does that reads every text as JSON if it can."""
    if isinstance(value, dict):
        return {key: coerced(one) for key, one in value.items()}
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def as_texts(value: dict[str, Any]) -> dict[str, Any]:
    """What an XML-like parser without the schema makes of the values."""
    return {k: one if isinstance(one, str) else json.dumps(one) for k, one in value.items()}


def unique(calls: list[Call]) -> list[Call]:
    return list({(call.name, call.arguments): call for call in calls}.values())


def cut_at_marker(output: Output, _: dict[str, Any]) -> Output:
    if not any(CLOSE in call.arguments for call in output.calls):
        return output
    return Output((), "tool")


FAULTS: dict[str, Change] = {
    "wrong_name": calls_changed(lambda cs: [replace(c, name=f"{c.name}[ARGS]") for c in cs]),
    "coerced": arguments_changed(coerced),
    "as_texts": arguments_changed(as_texts),
    "first_call_only": calls_changed(lambda cs: cs[:1]),
    "call_lost": calls_changed(lambda cs: []),
    "duplicated": calls_changed(lambda cs: [*cs, *(replace(c, id=c.id + "b") for c in cs[-1:])]),
    "deduplicated": calls_changed(unique),
    "spray_filter": calls_changed(lambda cs: cs[:1] if len(cs) >= 8 else cs),
    "swapped": calls_changed(lambda cs: cs[::-1]),
    "same_ids": calls_changed(lambda cs: [replace(c, id="call_0") for c in cs]),
    "no_ids": calls_changed(lambda cs: [replace(c, id="") for c in cs]),
    "double_encoded": arguments_changed(json.dumps),
    "nulls_dropped": arguments_changed(lambda v: {k: x for k, x in v.items() if x is not None}),
    "ascii_only": arguments_changed(
        lambda v: json.loads(json.dumps(v, ensure_ascii=False).encode("ascii", "replace"))
    ),
    "strings_trimmed": arguments_changed(
        lambda v: {k: x.split("\n")[0] if isinstance(x, str) else x for k, x in v.items()}
    ),
    "cut_at_marker": cut_at_marker,
    "empty_as_blank": lambda output, _: output.each(
        lambda c: replace(c, arguments="" if c.arguments == "{}" else c.arguments)
    ),
    "marker_leaks": lambda o, _: replace(o, parts=(*o.parts, CLOSE)) if o.calls else o,
    "call_left_as_text": lambda o, _: replace(o, parts=(*o.parts, *(c.arguments for c in o.calls))),
    "text_lost": lambda o, _: replace(o, parts=tuple(o.calls)) if o.calls else o,
    "text_after_lost": lambda o, _: replace(
        o, parts=o.parts[:-1] if o.calls and isinstance(o.parts[-1], str) else o.parts
    ),
    "prefix_swallowed": texts_changed(lambda t: t.replace("<tool_cal ", "")),
    "malformed_lost": texts_changed(lambda t: "" if OPEN + "\n" in t else t),
    "finish_stop": lambda o, _: replace(o, finish="stop" if o.finish == "tool" else o.finish),
    "finish_tool": lambda o, _: replace(o, finish="tool" if o.finish == "stop" else o.finish),
    "stream_loses_call": streamed_only(calls_changed(lambda cs: cs[:-1] if len(cs) > 1 else cs)),
    "stream_loses_text": streamed_only(texts_changed(lambda t: t.replace(".", ""))),
}

# --- encodings -----------------------------------------------------------------------------------


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def sse(events: list[Any], *, named: bool = False) -> Reply:
    lines = []
    for event in events:
        data = event if isinstance(event, str) else json.dumps(event)
        name = f"event: {event['type']}\n" if named else ""
        lines.append(f"{name}data: {data}\n\n")
    return Reply("".join(lines).encode(), content_type="text/event-stream")


def openai(output: Output, body: dict[str, Any], fault: str) -> Reply:
    finish = {"tool": "tool_calls"}.get(output.finish, output.finish)
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    if body.get("stream"):
        return sse(openai_events(output, finish, usage, fault))
    calls = [
        {
            "id": call.id,
            "type": "tool" if fault == "wrong_type" else "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in output.calls
    ]
    if fault == "arguments_object":
        for call in calls:
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])  # type: ignore[index]
    message = {"role": "assistant", "content": output.text or None}
    if calls:
        message["tool_calls"] = calls  # type: ignore[assignment]
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return Reply({"object": "chat.completion", "choices": [choice], "usage": usage})


def openai_events(output: Output, finish: str, usage: Any, fault: str) -> list[Any]:
    def chunk(delta: Any, reason: str | None = None) -> Any:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    events: list[Any] = [chunk({"role": "assistant", "content": ""})]
    number = 0
    for part in output.parts:
        if isinstance(part, str):
            events += [chunk({"content": piece}) for piece in pieces(part, 5)]
        else:
            for delta in call_deltas(part, 0 if fault == "one_index" else number, fault):
                events.append(chunk({"tool_calls": [delta]}))
            number += 1
    ending = [chunk({}, finish), {"choices": [], "usage": usage}, "[DONE]"]
    if fault == "usage_first":
        ending = [ending[1], ending[0], ending[2]]
    elif fault == "two_finishes":
        ending.insert(0, ending[0])
    elif fault == "no_usage":
        del ending[1]
    elif fault == "no_done":
        del ending[2]
    elif fault == "late_text":
        ending.insert(1, chunk({"content": " "}))
    return events + ending


def call_deltas(call: Call, index: int, fault: str) -> Iterator[dict[str, Any]]:
    first: dict[str, Any] = {"index": index, "id": call.id, "type": "function"}
    first["function"] = {"name": call.name, "arguments": ""}
    if fault == "no_index":
        del first["index"]
    if fault == "no_type":
        del first["type"]
    yield first
    sent = ""
    for piece in pieces(call.arguments, 6):
        sent += piece
        delta: dict[str, Any] = {"index": index, "function": {"arguments": piece}}
        if fault == "cumulative":
            delta["function"]["arguments"] = sent
        if fault == "name_repeated":
            delta["function"]["name"] = call.name
        if fault == "id_repeated":
            delta["id"] = call.id
        if fault == "no_index":
            del delta["index"]
        yield delta


def anthropic(output: Output, body: dict[str, Any], fault: str) -> Reply:
    reason = {"tool": "tool_use", "stop": "end_turn", "length": "max_tokens"}[output.finish]
    blocks = [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {
            "type": "tool_use",
            "id": part.id,
            "name": part.name,
            "input": part.arguments if fault == "input_text" else json.loads(part.arguments),
        }
        for part in output.parts
    ]
    if body.get("stream"):
        return sse(anthropic_events(blocks, reason, fault), named=True)
    usage = {"input_tokens": 9, "output_tokens": 9}
    document = {"type": "message", "role": "assistant", "content": blocks, "usage": usage}
    return Reply(document | {"id": "m", "stop_reason": reason})


def anthropic_events(blocks: list[dict[str, Any]], reason: str, fault: str) -> list[Any]:
    usage = {"input_tokens": 9, "output_tokens": 1}
    events: list[Any] = [{"type": "message_start", "message": {"id": "m", "usage": usage}}]
    step = 2 if fault == "index_gap" else 1
    for number, block in enumerate(blocks):
        events += block_events(block, number * step, fault)
    delta = {"type": "message_delta", "delta": {"stop_reason": reason}}
    events += [{**delta, "usage": {"output_tokens": 9}}, {"type": "message_stop"}]
    if fault == "no_message_stop":
        events.pop()
    return events


def block_events(block: dict[str, Any], index: int, fault: str) -> Iterator[Any]:
    if block["type"] == "text":
        start: dict[str, Any] = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces(block["text"], 5)]
    else:
        start = block | {"input": block["input"] if fault == "input_filled" else {}}
        arguments = json.dumps(block["input"])
        deltas = [
            {"type": "input_json_delta", "partial_json": piece} for piece in pieces(arguments, 6)
        ]
    yield {"type": "content_block_start", "index": index, "content_block": start}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    if fault != "block_not_stopped":
        yield {"type": "content_block_stop", "index": index}
