"""How faults get into the fake: hooks on requests, generation, answers, events and bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.suites.contract.fake_contract import Reply
from tests.suites.contract.fake_contract_bodies import Event
from tests.suites.contract.fake_contract_model import Generated, Options, generate
from tests.suites.contract.fake_contract_rules import Refused, render

CHAT, TEXT, MESSAGE = "/v1/chat/completions", "/v1/completions", "/v1/messages"
Edit = Callable[[dict[str, Any]], Any]
Hook = Callable[[str, Reply], Reply]


def edited(path: str, edit: Edit) -> Hook:
    """A successful JSON answer of a route, edited in place."""

    def hook(at: str, reply: Reply) -> Reply:
        if at == path and reply.status == 200 and isinstance(reply.body, dict):
            edit(reply.body)
        return reply

    return hook


def choice(edit: Edit, path: str = CHAT) -> Hook:
    return edited(path, lambda body: [edit(one) for one in body["choices"]])


def said(edit: Edit) -> Hook:
    return choice(lambda one: edit(one["message"]))


def events(path: str, edit: Callable[[list[Event]], list[Event]]) -> Hook:
    """A stream of a route, with other events."""

    def hook(at: str, reply: Reply) -> Reply:
        if at == path and reply.events is not None:
            reply.events = edit(reply.events)
        return reply

    return hook


def chunks(edit: Edit, path: str = CHAT) -> Hook:
    """Every event that is an object, edited in place."""
    return events(
        path,
        lambda all_: [(edit(v), (n, v))[1] if isinstance(v, dict) else (n, v) for n, v in all_],
    )


def deltas(edit: Edit) -> Hook:
    return chunks(lambda value: [edit(one) for one in value["choices"]])


def answered(when: Callable[[str, Reply], bool], status: int, body: Any) -> Hook:
    """Another response altogether."""

    def hook(at: str, reply: Reply) -> Reply:
        return Reply(body, status, dict(reply.headers)) if when(at, reply) else reply

    return hook


def failing(edit: Edit) -> Hook:
    """Every JSON error, edited in place."""

    def hook(at: str, reply: Reply) -> Reply:
        if reply.status >= 400 and isinstance(reply.body, dict):
            edited_body = edit(reply.body)
            reply.body = reply.body if edited_body is None else edited_body
        return reply

    return hook


def drops(*fields: str) -> Callable[[str, dict[str, Any]], None]:
    """Fields of the request that are read by nobody."""

    def hook(path: str, body: dict[str, Any]) -> None:
        for field in fields:
            body.pop(field, None)

    return hook


def refuses(
    when: Callable[[dict[str, Any]], bool],
    status: int = 400,
    field: str = "body",
    path: str | None = None,
) -> Callable[[str, dict[str, Any]], None]:
    """A request that a right server answers."""

    def hook(at: str, body: dict[str, Any]) -> None:
        if path in {None, at} and when(body):
            raise Refused(field, "is not liked", status)

    return hook


def turns(edit: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Any:
    """The messages of a request, changed before the model sees them."""

    def hook(path: str, body: dict[str, Any]) -> None:
        messages = body.get("messages")
        if isinstance(messages, list) and all(isinstance(one, dict) for one in messages):
            body["messages"] = edit(messages)

    return hook


def any_turn(test: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], bool]:
    def check(body: dict[str, Any]) -> bool:
        messages = body.get("messages")
        return isinstance(messages, list) and any(test(m) for m in messages if isinstance(m, dict))

    return check


def is_null(field: str) -> Callable[[dict[str, Any]], bool]:
    return lambda body: field in body and body[field] is None


def kills(marker: bytes, how: str, path: str = CHAT) -> Callable[[str, bytes], str | None]:
    """A request whose body holds the marker ends the service in some way."""
    return lambda at, body: how if at == path and marker in body else None


def put(body: dict[str, Any], **values: Any) -> None:
    body.update(values)


def stripped(done: Generated, options: Options) -> Generated:
    """The token-level detector with a text-level stripper of mlx_lm.server 0.32.2."""
    if not options.stops or done.stop is None:
        return done
    whole = options.extra["whole"]
    text = whole.replace(options.stops[0], "")
    return Generated((text,), 48, "length")


def swallowed(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=done.pieces[:-1]) if options.extra.get("stream") else done


def with_stop(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=(*done.pieces, done.stop)) if done.stop else done


def at_token_border(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=done.pieces[:-1]) if done.stop else done


def cut_to_nothing(done: Generated, options: Options) -> Generated:
    return Generated((), 0, "stop") if options.extra.get("stop") == "" else done


def prompt_stops(done: Generated, options: Options) -> Generated:
    prompt = json.dumps(options.extra.get("messages"))
    return Generated((), 0, "stop") if any(s in prompt for s in options.stops) else done


def split_characters(done: Generated, options: Options) -> Generated:
    if not options.extra.get("stream"):
        return done
    halves = [h for piece in done.pieces for h in _halves(piece)]
    return replace(done, pieces=tuple(halves))


def _halves(piece: str) -> list[str]:
    data = piece.encode()
    half = len(data) // 2
    return [data[:half].decode(errors="replace"), data[half:].decode(errors="replace")]


def one_more(done: Generated, options: Options) -> Generated:
    return replace(done, tokens=done.tokens + 1)


def never_length(done: Generated, options: Options) -> Generated:
    return replace(done, finish="stop")


def always_length(done: Generated, options: Options) -> Generated:
    return replace(done, finish="length")


def random(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=(uuid4().hex, *done.pieces[1:]))


def top_p_matters(done: Generated, options: Options) -> Generated:
    return random(done, options) if options.extra.get("top_p") else done


def forgotten(done: Generated, options: Options) -> Generated:
    return random(done, options) if options.temperature else done


def before_done(extra: Callable[[dict[str, Any]], Event]) -> Callable[[list[Event]], list[Event]]:
    return lambda all_: [*all_[:-1], extra(all_[0][1]), all_[-1]]


def said_event(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> Event:
    one = {"index": 0, "delta": delta, "finish_reason": finish}
    return None, {**head, "choices": [one]}


def finish_with_text(all_: list[Event]) -> list[Event]:
    for _, value in all_:
        if isinstance(value, dict) and value["choices"] and value["choices"][0]["finish_reason"]:
            value["choices"][0]["delta"] = {"content": "."}
    return all_


def no_finish(one: dict[str, Any]) -> None:
    one["finish_reason"] = None


def usage_with_finish(all_: list[Event]) -> list[Event]:
    counted = [v for _, v in all_ if isinstance(v, dict) and v.get("usage")]
    if not counted:
        return all_
    rest = [(n, v) for n, v in all_ if not (isinstance(v, dict) and v.get("usage"))]
    rest[-2][1]["usage"] = counted[0]["usage"]
    return rest


def usage_everywhere(all_: list[Event]) -> list[Event]:
    counted = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    for _, value in all_:
        if isinstance(value, dict):
            value.setdefault("usage", counted)
    return all_


def unasked_usage(all_: list[Event]) -> list[Event]:
    if any(isinstance(v, dict) and v.get("usage") for _, v in all_):
        return all_
    counted = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return [*all_[:-1], (None, {**all_[0][1], "choices": [], "usage": counted}), all_[-1]]


def no_usage(all_: list[Event]) -> list[Event]:
    return [(n, v) for n, v in all_ if not (isinstance(v, dict) and v.get("usage"))]


def header(name: str, test: Callable[[str], bool]) -> Callable[[str, Reply], bool]:
    return lambda at, reply: any(test(one) for one in reply.asked.get(name, []))


def typed(kind: str, which: Callable[[int], bool]) -> Hook:
    def hook(at: str, reply: Reply) -> Reply:
        if which(reply.status):
            reply.headers["content-type"] = kind
        return reply

    return hook


def without_allow(at: str, reply: Reply) -> Reply:
    reply.status = 501 if reply.status == 405 else reply.status
    return reply


def without_id(at: str, reply: Reply) -> Reply:
    reply.headers.pop("x-request-id", None)
    return reply


def started(value: dict[str, Any]) -> None:
    if value["type"] == "message_start":
        value["message"]["usage"]["input_tokens"] = 0


def spent(value: dict[str, Any]) -> None:
    if value["type"] == "message_delta":
        value.pop("usage")


def from_one(value: dict[str, Any]) -> None:
    if "index" in value:
        value["index"] += 1


def thinking(value: dict[str, Any]) -> None:
    if value["type"] == "content_block_delta":
        value["delta"] = {"type": "thinking_delta", "thinking": "x"}


def reversed_choices(body: dict[str, Any]) -> None:
    texts = [one["text"] for one in body["choices"]]
    for one, text in zip(body["choices"], reversed(texts), strict=True):
        one["text"] = text


def first_stop(path: str, body: dict[str, Any]) -> None:
    if isinstance(body.get("stop"), list):
        body["stop"] = body["stop"][:1]


def remember(path: str, body: dict[str, Any]) -> None:
    """Gives the stripping fault the text as it is without the stop."""
    stop = body.get("stop")
    if isinstance(stop, str) and isinstance(body.get("max_tokens"), int):
        prompt = render(body["messages"], ())
        body["whole"] = generate(prompt, Options(body["max_tokens"], (), 0)).text


def only_text(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what is not text."""
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return {**message, "content": [p for p in content if p.get("type") in {"text", "tool_result"}]}


def no_parts(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "content": ""} if isinstance(message.get("content"), list) else message


def no_calls(message: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in message.items() if k != "tool_calls"} | (
        {"content": ""} if message.get("tool_calls") else {}
    )


def shortened(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    return {**message, "content": content[:50]} if isinstance(content, str) else message
