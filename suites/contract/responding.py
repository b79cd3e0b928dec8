"""The Responses API: small requests, and what their answers hold."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.finding import Settled, failed
from suites.contract.probe import PROMPT, Body, Probe
from suites.contract.reading import StreamView, at, is_int, ok_object, shown, stream
from suites.contract.routes import served

ROUTE = "/responses"
WHAT = "the Responses API"
# OpenAI refuses a smaller max_output_tokens.
TOKENS = 16
# Room for a call without arguments, or for a small object, by a model that is held to it.
FORM_TOKENS = 64
TOOL: Json = {
    "type": "function",
    "name": "now",
    "description": "The time.",
    "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    "strict": True,
}
# What makes the model call it.
FORCED: dict[str, Json] = {
    "tools": [TOOL],
    "tool_choice": {"type": "function", "name": "now"},
    "max_output_tokens": FORM_TOKENS,
}


def body_of(probe: Probe, **changes: Json) -> Body:
    """A small greedy request."""
    body = {
        "model": probe.target.model,
        "input": PROMPT,
        "max_output_tokens": TOKENS,
        "temperature": 0,
    }
    return {**body, **changes}


async def plain(probe: Probe) -> Exchange:
    """The plain response that the checks of shapes look at.

    Raises:
        Settled: the route is not there.
    """
    return await served(probe, ROUTE, body_of(probe), WHAT)


async def respond(probe: Probe, **changes: Json) -> Exchange:
    """``POST /responses`` with changes.

    Raises:
        Settled: the route is not there.
    """
    await plain(probe)
    return await probe.post(ROUTE, body_of(probe, **changes))


async def plain_events(probe: Probe) -> StreamView:
    """The plain response as a stream, which the checks of events share.

    Raises:
        Settled: the route is not there, or there is no stream.
    """
    await plain(probe)
    body = body_of(probe, stream=True)
    view = stream(await probe.shared("response stream", lambda: probe.post(ROUTE, body)))
    if not view.values:
        raise Settled(failed("no event holds JSON", expected="events", got=shown(view.exchange)))
    return view


async def call_events(probe: Probe) -> StreamView | None:
    """A forced call as a stream; None where the server refuses to force one.

    Raises:
        Settled: the route is not there, or the stream cannot be read.
    """
    await plain(probe)
    body = body_of(probe, stream=True, **FORCED)
    exchange = await probe.shared("response call stream", lambda: probe.post(ROUTE, body))
    return stream(exchange) if exchange.status == 200 else None


def input_tokens(exchange: Exchange) -> int:
    """How many tokens the model read.

    Raises:
        Settled: the answer does not tell.
    """
    count = at(ok_object(exchange), "usage", "input_tokens")
    if not is_int(count):
        reason = "usage has no input_tokens"
        expected = "usage.input_tokens, an integer"
        raise Settled(failed(reason, expected=expected, got=shown(exchange), exchange=exchange))
    return int(count)


def items(response: Json, kind: str) -> list[dict[str, Any]]:
    """The output items of a type."""
    output = at(response, "output")
    found = output if isinstance(output, list) else []
    return [item for item in found if at(item, "type") == kind]


def said(response: Json) -> str:
    """The text of all messages."""
    parts = [part for item in items(response, "message") for part in content(item)]
    return "".join(str(at(part, "text")) for part in parts if at(part, "type") == "output_text")


def content(item: Json) -> list[Any]:
    """The parts of an item."""
    parts = at(item, "content")
    return parts if isinstance(parts, list) else []
